using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>A Page and its Instagram account as nodes (platform reference, OAuth → Pages and Page tokens).</summary>
internal static class PageNodes
{
    private static readonly string[] TasksWithToken = ["CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"];

    public static void Map(GraphRoutes routes)
    {
        routes.Node("page", call => FindPage(call) is not null, ReadPage);
        routes.Node("instagram", call => call.Platform.FindPageByInstagram(call.Path[0]) is not null, ReadInstagram);
    }

    private static Page? FindPage(GraphCall call) =>
        call.Platform.Pages.GetValueOrDefault(call.Path[0] is "me" ? call.Token?.PageId ?? "" : call.Path[0]);

    private static JsonObject ReadPage(GraphCall call)
    {
        var page = FindPage(call)!;
        RequireAccess(call, page);
        var answer = Read(call, page, call.Fields("name,id"));
        answer.Remove("id");
        answer["id"] = page.Id;
        return answer;
    }

    private static JsonObject ReadInstagram(GraphCall call)
    {
        var page = call.Platform.FindPageByInstagram(call.Path[0])!;
        RequireAccess(call, page);
        call.RequirePermission(Permissions.InstagramBasic, 10);
        var answer = ReadAccount(call, page.Instagram!, call.Fields("id"));
        answer.Remove("id");
        answer["id"] = page.Instagram!.Id;
        return answer;
    }

    /// <summary>False for a Page that was not ticked or that the person doesn't manage: it does not exist for this token.</summary>
    private static void RequireAccess(GraphCall call, Page page)
    {
        var grant = call.Platform.Authorizations.GrantOf(call.Token!.UserId);
        var mine = call.Token.Kind switch
        {
            TokenKind.Page => call.Token.PageId == page.Id,
            TokenKind.User => grant!.PageIds.Contains(page.Id) && call.Platform.Persons[call.Token.UserId!].Pages.ContainsKey(page.Id),
            _ => false,
        };
        if (!mine) throw GraphErrors.Unsupported("GET", call.Path[0]);
    }

    public static JsonObject Read(GraphCall call, Page page, IReadOnlyList<SelectedField> fields)
    {
        var answer = new JsonObject();
        foreach (var field in fields)
        {
            var value = Field(call, page, field);
            if (value is not null) answer[field.Name] = value;
        }

        if (!answer.ContainsKey("id")) answer["id"] = page.Id;
        return answer;
    }

    private static JsonNode? Field(GraphCall call, Page page, SelectedField field)
    {
        var seesInstagram = page.Instagram is not null
            && call.Platform.Authorizations.GrantOf(call.Token!.UserId)?.Allows(Permissions.InstagramBasic) is true;
        return field.Name switch
        {
            "id" => page.Id,
            "name" => page.Name,
            "category" => page.Category,
            "category_list" => new JsonArray(new JsonObject { ["id"] = "197871390225897", ["name"] = page.Category }),
            "tasks" => new JsonArray([.. call.Tasks(page.Id).Select(task => (JsonNode)task)]),
            "access_token" => PageToken(call, page),
            "link" => $"https://www.facebook.com/{page.Id}",
            "picture" =>
                new JsonObject
                {
                    ["data"] = new JsonObject { ["url"] = call.Platform.Media.PortraitAddress(page.Id), ["is_silhouette"] = false },
                },
            "instagram_business_account" or "connected_instagram_account" =>
                seesInstagram ? ReadAccount(call, page.Instagram!, field.FieldsOr("id")) : null,
            "messaging_feature_status" =>
                new JsonObject { ["hop_v2"] = page.DefaultAppId is not null, ["msgr_multi_app"] = true, ["ig_multi_app"] = false },
            _ => throw GraphErrors.NoSuchField(field.Name, "Page"),
        };
    }

    private static string? PageToken(GraphCall call, Page page)
    {
        if (call.Token is { Kind: TokenKind.Page } own) return own.Value;
        return call.Token is { Kind: TokenKind.User } user && call.Tasks(page.Id).Intersect(TasksWithToken).Any()
            ? call.Platform.Authorizations.PageTokenFor(user, page.Id).Value
            : null;
    }

    private static JsonObject ReadAccount(GraphCall call, InstagramAccount account, IReadOnlyList<SelectedField> fields)
    {
        var answer = new JsonObject();
        foreach (var field in fields)
        {
            answer[field.Name] = field.Name switch
            {
                "id" => account.Id,
                "username" => account.Username,
                "name" => account.Name,
                "profile_picture_url" => call.Platform.Media.PortraitAddress(account.Id),
                "followers_count" => 2481,
                _ => throw GraphErrors.NoSuchField(field.Name, "IGUser"),
            };
        }

        if (!answer.ContainsKey("id")) answer["id"] = account.Id;
        return answer;
    }
}
