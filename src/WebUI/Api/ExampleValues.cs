namespace MetaMessaging.WebUI.Api;

/// <summary>Ids and a time that the examples of several areas share, so that they read as one story.</summary>
internal static class ExampleValues
{
    public const string PageId = "109876543210987";
    public const string Psid = "7654321098765432";
    public const string IgAccountId = "17841400000000001";
    public const string Mid = "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P";

    public static readonly DateTimeOffset At = new(2026, 11, 22, 18, 17, 0, 123, TimeSpan.Zero);
}
