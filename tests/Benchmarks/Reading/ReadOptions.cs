using System.Globalization;

namespace MetaMessaging.Benchmarks.Reading;

/// <param name="Sizes">How many messages each database has.</param>
/// <param name="Requests">How often each address is requested.</param>
/// <param name="Only">Leaves out addresses that do not contain this text.</param>
internal sealed record ReadOptions(IReadOnlyList<int> Sizes, int Requests = 40, string Only = "")
{
    public static ReadOptions? Parse(string[] args)
    {
        var options = new ReadOptions([10_000, 1_000_000, 10_000_000]);
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text]) return null;
            switch (name)
            {
                case "--sizes" when text.Split(',').Select(SizeOf).ToList() is var sizes && !sizes.Contains(0):
                    options = options with { Sizes = sizes };
                    break;
                case "--requests" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var requests):
                    options = options with { Requests = requests };
                    break;
                case "--only": options = options with { Only = text }; break;
                default: return null;
            }
        }

        return options;
    }

    /// <returns>0 when the text is not a size. The seeded history needs a multiple of 10,000 messages.</returns>
    private static int SizeOf(string text) => text switch
    {
        [.. var number, 'k'] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var thousands) =>
            thousands % 10 == 0 ? thousands * 1_000 : 0,
        [.. var number, 'm'] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var millions) =>
            millions * 1_000_000,
        _ => 0,
    };
}
