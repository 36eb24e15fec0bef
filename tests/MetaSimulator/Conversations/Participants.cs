using System.Globalization;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Conversations;

/// <summary>How the two sides of a thread are named: with a made-up e-mail address on Messenger, by username on Instagram.</summary>
internal static class Participants
{
    public static JsonObject Customer(Customer customer) => customer.Channel is Channel.Messenger
        ? new JsonObject { ["name"] = customer.Name, ["email"] = $"{customer.Id}@facebook.com", ["id"] = customer.Id }
        : new JsonObject { ["username"] = customer.Username, ["id"] = customer.Id };

    public static JsonObject Business(Platform platform, Customer customer)
    {
        var page = platform.Pages[customer.PageId];
        return customer.Channel is Channel.Messenger
            ? new JsonObject { ["name"] = page.Name, ["email"] = $"{page.Id}@facebook.com", ["id"] = page.Id }
            : new JsonObject { ["username"] = page.Instagram?.Username, ["id"] = customer.AccountId };
    }
}

internal static class Times
{
    /// <summary>ISO 8601 with an offset that has no colon, as Graph writes it.</summary>
    public static string Iso(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);
}
