namespace MetaMessaging.MetaSimulator.State;

/// <summary>Names for customers that were created without one.</summary>
internal static class Names
{
    private static readonly string[] First =
    [
        "Anna", "Bilal", "Carla", "Daniel", "Eva", "Farid", "Greta", "Hiro", "Ines", "Jakub", "Karin", "Leo", "Mina", "Nils", "Oona",
        "Pavel",
        "Rosa", "Samir", "Tuva", "Uma", "Viktor", "Wanda", "Yara", "Zeno",
    ];

    private static readonly string[] Last =
    [
        "Andersen", "Bauer", "Costa", "Dubois", "Eriksen", "Ferrari", "Gupta", "Hansen", "Ivanova", "Jensen", "Khan", "Larsson", "Moreau",
        "Novak", "Olsen", "Petrov", "Quinn", "Ricci", "Santos", "Tamm", "Ueda", "Vogel", "Wolf", "Zhang",
    ];

    public static string At(string id)
    {
        var number = id.Aggregate(7u, (hash, digit) => unchecked(hash * 31 + digit));
        return $"{First[number % First.Length]} {Last[number / 97 % Last.Length]}";
    }
}
