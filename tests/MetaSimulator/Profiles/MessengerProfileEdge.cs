using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Profiles;

/// <summary>
/// Reads, sets and deletes the properties of a Page's Messenger profile, and with <c>platform=instagram</c> those of its Instagram account
/// (platform reference, Profile API → Messenger profile and personas).
/// </summary>
internal static class MessengerProfileEdge
{
    public static void Map(GraphRoutes routes)
    {
        routes.Edge("GET", "messenger_profile", "messengerProfile", Read);
        routes.Edge("POST", "messenger_profile", "messengerProfile", Set);
        routes.Edge("DELETE", "messenger_profile", "messengerProfile", Delete);
    }

    private static JsonObject Read(GraphCall call)
    {
        var (page, channel) = Find(call);
        var properties = Known(channel, call.Require("fields").Split(',', StringSplitOptions.TrimEntries).Select(name => (JsonNode?)name));
        var found = new JsonObject();
        foreach (var property in properties)
            if (page.MessengerProfile(channel)[property] is { } value) found[property] = value.DeepClone();

        return new JsonObject { ["data"] = found.Count is 0 ? [] : new JsonArray(found) };
    }

    private static JsonObject Set(GraphCall call)
    {
        var (page, channel) = Find(call);
        var given = MessengerProfileRules.Properties(channel).Where(call.Parameters.ContainsKey).ToList();
        if (given is [])
        {
            throw GraphErrors.InvalidParameter(
                $"Requires one of the params: {string.Join(',', MessengerProfileRules.Properties(channel))}");
        }

        return Change(page, channel, profile =>
        {
            foreach (var property in given)
            {
                var value = call.Json(property);
                MessengerProfileRules.Check(property, value);
                profile[property] = value?.DeepClone();
            }
        });
    }

    private static JsonObject Delete(GraphCall call)
    {
        var (page, channel) = Find(call);
        var properties = Known(channel, call.RequireArray("fields"));
        return Change(page, channel, profile => properties.ForEach(property => profile.Remove(property)));
    }

    private static JsonObject Change(Page page, Channel channel, Action<JsonObject> change)
    {
        page.ChangeMessengerProfile(channel, profile =>
        {
            change(profile);
            MessengerProfileRules.CheckWhole(channel, profile);
        });
        return new JsonObject { ["result"] = "success" };
    }

    private static List<string> Known(Channel channel, IEnumerable<JsonNode?> names) =>
        [.. names.Select((name, i) => ParameterRules.RequireOneOf(name, $"fields[{i}]", MessengerProfileRules.Properties(channel)))];

    private static (Page Page, Channel Channel) Find(GraphCall call)
    {
        var page = call.RequirePage();
        if (call.Path[0] is not "me" && call.Path[0] != page.Id) throw GraphErrors.Unsupported(call.Method, call.Path[0]);

        var channel = ChannelLabels.Parse(call.Text("platform") ?? "messenger")
            ?? throw GraphErrors.InvalidParameter("Param platform must be one of {messenger, instagram}");
        if (channel is Channel.Instagram && page.Instagram is null) throw GraphErrors.Refuse(100, 2534013);
        call.Channel = channel;
        call.BusinessObjectId = page.Id;
        call.RequirePermission(channel is Channel.Messenger ? Permissions.PagesMessaging : Permissions.InstagramManageMessages, 10);
        return (page, channel);
    }
}
