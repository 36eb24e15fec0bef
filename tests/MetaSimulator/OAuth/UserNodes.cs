using System.Globalization;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>
/// The person who connected: who they are, their Pages, their permissions (platform reference, OAuth → Pages and Page tokens; OAuth →
/// Permissions; OAuth → Disconnecting).
/// </summary>
internal static class UserNodes
{
    public static void Map(GraphRoutes routes)
    {
        routes.Node("me", IsUser, Me);
        routes.Edge("GET", "accounts", "accounts", Accounts);
        routes.Edge("GET", "businesses", "businesses", Businesses);
        routes.Edge("GET", "owned_pages", "ownedPages", PagesOfBusiness);
        routes.Edge("GET", "client_pages", "clientPages", PagesOfBusiness);
        routes.Edge("GET", "permissions", "permissions", ReadPermissions);
        routes.Edge("DELETE", "permissions", "permissions", DeletePermissions);
    }

    private static bool IsUser(GraphCall call) =>
        call.Token is { Kind: TokenKind.User } && (call.Path[0] is "me" || call.Path[0] == call.Token.UserId);

    private static Person RequireUser(GraphCall call) => IsUser(call)
        ? call.Platform.Persons[call.Token!.UserId!]
        : throw GraphErrors.Unsupported(call.Method, call.Path[0]);

    private static JsonObject Me(GraphCall call)
    {
        var person = RequireUser(call);
        var answer = new JsonObject();
        foreach (var field in call.Fields("id,name"))
        {
            answer[field.Name] = field.Name switch
            {
                "id" => person.Id,
                "name" => person.Name,
                "first_name" => person.Name.Split(' ')[0],
                "last_name" => person.Name.Split(' ')[^1],
                _ => throw GraphErrors.NoSuchField(field.Name, "User"),
            };
        }

        answer.Remove("id");
        answer["id"] = person.Id;
        return answer;
    }

    private static JsonObject Accounts(GraphCall call)
    {
        var person = RequireUser(call);
        var grant = call.Platform.Authorizations.GrantOf(person.Id);
        if (grant?.Allows(Permissions.PagesShowList) is not true) return new JsonObject { ["data"] = new JsonArray() };

        return ListPages(call, GrantedPages(call, person).Where(page => page.IsListed));
    }

    /// <summary>The businesses of the granted Pages (platform reference, OAuth → Pages of a business portfolio).</summary>
    private static JsonObject Businesses(GraphCall call)
    {
        var person = RequireUser(call);
        call.RequirePermission(Permissions.BusinessManagement);
        var ids = GrantedPages(call, person).Select(page => page.Business?.Id).OfType<string>().Distinct().ToList();
        return Paging.CreatePage(call, ids, id => id, 25, id => new JsonObject { ["id"] = id });
    }

    private static JsonObject PagesOfBusiness(GraphCall call)
    {
        if (call.Token is not { Kind: TokenKind.User, UserId: { } userId }) throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        call.RequirePermission(Permissions.BusinessManagement);
        var pages = GrantedPages(call, call.Platform.Persons[userId]).Where(page => page.Business?.Id == call.Path[0]).ToList();
        if (pages is []) throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        return ListPages(call, pages.Where(page => page.Business!.Edge == call.Path[1]));
    }

    private static IEnumerable<Page> GrantedPages(GraphCall call, Person person) =>
        person.Pages.Keys.Where(call.Platform.Authorizations.GrantOf(person.Id)!.PageIds.Contains)
            .Order(StringComparer.Ordinal)
            .Select(id => call.Platform.Pages[id]);

    private static JsonObject ListPages(GraphCall call, IEnumerable<Page> pages)
    {
        const int DefaultLimit = 25;
        var max = call.Platform.Settings.Behaviour.MaxPagesPerAnswer;
        var limit = int.TryParse(call.Text("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultLimit;
        if (max > 0 && limit > max) throw GraphErrors.TooMuchData();

        var fields = call.Fields("access_token,category,category_list,name,id,tasks");
        return Paging.CreatePage(call, [.. pages], page => page.Id, DefaultLimit, page => PageNodes.Read(call, page, fields));
    }

    private static JsonObject ReadPermissions(GraphCall call)
    {
        var grant = call.Platform.Authorizations.GrantOf(RequireUser(call).Id)!;
        var rows = grant.Granted.Select(name => Row(name, "granted")).Concat(grant.Declined.Select(name => Row(name, "declined")));
        return new JsonObject { ["data"] = new JsonArray([.. rows]) };

        static JsonNode Row(string permission, string status) => new JsonObject { ["permission"] = permission, ["status"] = status };
    }

    private static JsonObject DeletePermissions(GraphCall call)
    {
        var authorizations = call.Platform.Authorizations;
        var person = RequireUser(call);
        if (call.Path.Length < 3)
        {
            authorizations.Revoke(person.Id);
        }
        else
        {
            var grant = authorizations.GrantOf(person.Id)!;
            authorizations.Replace(grant with
            {
                Granted = grant.Granted.Except([call.Path[2]]).ToHashSet(StringComparer.Ordinal),
                Declined = grant.Declined.Append(call.Path[2]).ToHashSet(StringComparer.Ordinal),
            });
        }

        return new JsonObject { ["success"] = true };
    }
}
