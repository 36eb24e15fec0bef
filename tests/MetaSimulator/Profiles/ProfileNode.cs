using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Profiles;

/// <summary>The Profile API, with all the ways in which it can withhold a profile (platform reference, Profile API).</summary>
internal static class ProfileNode
{
    private static readonly string[] InstagramPermissions =
    [
        Permissions.InstagramBasic, Permissions.InstagramManageMessages, Permissions.PagesManageMetadata,
        Permissions.PagesReadEngagement, Permissions.PagesShowList,
    ];

    public static void Map(GraphRoutes routes) =>
        routes.Node("profile", call => call.Platform.FindCustomer(call.Path[0]) is not null, Read);

    private static JsonObject Read(GraphCall call)
    {
        var customer = call.Platform.FindCustomer(call.Path[0])!;
        var page = call.RequirePage();
        call.Channel = customer.Channel;
        call.BusinessObjectId = customer.AccountId;
        if (customer.PageId != page.Id || !call.Platform.IsLinked(customer)) throw GraphErrors.Unsupported("GET", customer.Id);

        RequireAccess(call, customer, page);
        return customer.Profile switch
        {
            ProfileBehaviour.NoProfile => throw GraphErrors.Refuse(100, 2018218),
            ProfileBehaviour.ConsentRequired => throw GraphErrors.Refuse(230),
            ProfileBehaviour.NoMatchingUser => throw GraphErrors.Refuse(9010),
            ProfileBehaviour.Unsupported => throw GraphErrors.Unsupported("GET", customer.Id),
            ProfileBehaviour.Empty => [],
            ProfileBehaviour.IdOnly => new JsonObject { ["id"] = customer.Id },

            // A person who blocked the account is not visible to it.
            _ when customer.Blocked => [],

            // Someone who never wrote has not consented (Instagram).
            _ when customer is { Channel: Channel.Instagram, LastActionAt: 0 } => throw GraphErrors.Refuse(230),
            _ => Full(call, customer),
        };
    }

    private static void RequireAccess(GraphCall call, Customer customer, Page page)
    {
        if (customer.Channel is Channel.Messenger)
        {
            call.RequirePermission(Permissions.PagesMessaging, 10);
            if (!call.Platform.Settings.App.ProfileAccess) throw GraphErrors.Unsupported("GET", customer.Id);
            return;
        }

        foreach (var permission in InstagramPermissions) call.RequirePermission(permission, 10);
        if (!call.Tasks(page.Id).Any(task => task is "MODERATE" or "MANAGE")) throw GraphErrors.Refuse(200);
        if (page.Instagram is { AllowsMessageAccess: false }) throw GraphErrors.Refuse(200, 2534041);
    }

    private static JsonObject Full(GraphCall call, Customer customer)
    {
        var answer = new JsonObject();
        foreach (var field in call.Fields(customer.Channel is Channel.Messenger ? "first_name,last_name,profile_pic" : "name,username"))
        {
            answer[field.Name] = customer.Channel is Channel.Messenger
                ? MessengerField(call, customer, field.Name)
                : InstagramField(call, customer, field.Name);
        }

        answer.Remove("id");
        answer["id"] = customer.Id;
        return answer;
    }

    private static JsonNode? MessengerField(GraphCall call, Customer customer, string name)
    {
        switch (name)
        {
            case "id": return customer.Id;
            case "name": return customer.Name;
            case "first_name": return customer.FirstName;
            case "last_name": return customer.LastName;
            case "profile_pic": return call.Platform.Media.PortraitAddress(customer.Id);
            case "locale":
                call.RequirePermission("pages_user_locale", 10);
                return "en_GB";
            case "timezone":
                call.RequirePermission("pages_user_timezone", 10);
                return 1;
            case "gender":
                call.RequirePermission("pages_user_gender", 10);
                return "female";
            default: throw GraphErrors.NoSuchField(name, "User");
        }
    }

    private static JsonNode? InstagramField(GraphCall call, Customer customer, string name)
    {
        var hidden = customer.Profile is ProfileBehaviour.NullName;
        return name switch
        {
            "id" => customer.Id,
            "name" => hidden ? null : customer.Name,
            "username" => customer.Username,
            "profile_pic" => hidden ? null : call.Platform.Media.PortraitAddress(customer.Id),
            "follower_count" => 1234,
            "is_verified_user" => false,
            "is_user_follow_business" => true,
            "is_business_follow_user" => false,
            _ => throw GraphErrors.NoSuchField(name, "IGUser"),
        };
    }
}
