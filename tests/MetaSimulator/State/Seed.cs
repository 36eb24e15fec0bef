using MetaMessaging.MetaSimulator.OAuth;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>The Pages, people and customers that every instance starts with.</summary>
internal static class Seed
{
    public const string PersonId = "122100000000000001";
    public const string CoffeePageId = "109876543210987";
    public const string CoffeeInstagramId = "17841400000000001";
    public const string RoasteryPageId = "209876543210988";

    public static void AddTo(Platform platform, int pages)
    {
        var maria = new Person { Id = PersonId, Name = "Maria Lind" };
        platform.Persons[maria.Id] = maria;
        platform.CurrentPersonId = maria.Id;

        platform.Add(new Page
        {
            Id = CoffeePageId,
            Name = "Blue Cup Coffee",
            Instagram = new InstagramAccount { Id = CoffeeInstagramId, Username = "bluecup", Name = "Blue Cup Coffee" },
        });
        platform.Add(new Page { Id = RoasteryPageId, Name = "Blue Cup Roastery", Category = "Coffee roastery" });

        if (pages > 0) maria.Pages[CoffeePageId] = Person.AllTasks;
        if (pages > 1) maria.Pages[RoasteryPageId] = Person.AllTasks;

        AddMessenger(platform, CoffeePageId, "7654321098765432", "Peter Chang");
        AddMessenger(platform, CoffeePageId, "7310284655190277", "Ingrid Solberg");
        AddMessenger(platform, CoffeePageId, "6920517748301465", "Amara Okafor");
        AddMessenger(platform, CoffeePageId, "8045163297710384", "Tomasz Nowak");
        AddMessenger(platform, CoffeePageId, "7198840263375519", "Sofia Rossi");
        AddMessenger(platform, CoffeePageId, "6673920418855067", "Lucas Meyer");

        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1234567890123456", "Ada Bakes", "ada.bakes");
        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1472583690147258", "Noor Haddad", "noor.pours");
        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1593574862015935", "Elin Åkesson", "elin.akesson");
        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1357924680135792", "Mateo García", "mateo.brews");
        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1680246813579024", "Yuki Tanaka", "yuki_tnk");
        AddInstagram(platform, CoffeePageId, CoffeeInstagramId, "1029384756102938", "Freya Nilsen", "freya.nil");

        AddMessenger(platform, RoasteryPageId, "7433091826640155", "Jonas Weber");
        AddMessenger(platform, RoasteryPageId, "6817752093341860", "Olivia Grant");
    }

    /// <summary>Every permission that the product asks for.</summary>
    public static IReadOnlySet<string> EveryPermission { get; } = Permissions.All.ToHashSet(StringComparer.Ordinal);

    private static void AddMessenger(Platform platform, string pageId, string psid, string name) => platform.Add(new Customer
    {
        Id = psid,
        Channel = Channel.Messenger,
        PageId = pageId,
        AccountId = pageId,
        ConversationId = Ids.ConversationId(Channel.Messenger, pageId, psid),
        Name = name,
    });

    private static void AddInstagram(Platform platform, string pageId, string accountId, string igsid, string name, string username) =>
        platform.Add(new Customer
        {
            Id = igsid,
            Channel = Channel.Instagram,
            PageId = pageId,
            AccountId = accountId,
            ConversationId = Ids.ConversationId(Channel.Instagram, accountId, igsid),
            Name = name,
            Username = username,
        });
}
