using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>
/// Exchanges codes for tokens and short-lived tokens for long-lived ones, and debugs tokens (platform reference, OAuth → Code exchange;
/// OAuth → Long-lived token; OAuth → debug_token).
/// </summary>
internal static class TokenEndpoints
{
    public static void Map(GraphRoutes routes)
    {
        var exchange = new GraphOperation("oauth", call => Task.FromResult<object>(Exchange(call)), NeedsToken: false);
        routes.Exact("GET", "oauth/access_token", exchange);
        routes.Exact("POST", "oauth/access_token", exchange);
        routes.Exact("GET", "debug_token", new GraphOperation("debugToken", call => Task.FromResult<object>(DebugToken(call))));
    }

    private static JsonObject Exchange(GraphCall call)
    {
        var app = call.Platform.Settings.App;
        if (call.Text("client_id") != app.Id) throw GraphErrors.Refuse(101);

        var grantType = call.Text("grant_type") ?? "authorization_code";
        if (grantType is "fb_exchange_token")
        {
            RequireSecret(call, app);
            return ExchangeToken(call);
        }

        if (grantType is "client_credentials")
        {
            RequireSecret(call, app);
            return new JsonObject { ["access_token"] = $"{app.Id}|{app.Secret}", ["token_type"] = "bearer" };
        }

        if (grantType is not "authorization_code") throw GraphErrors.InvalidParameter($"Invalid grant_type: {grantType}");
        RequireSecret(call, app);
        return ExchangeCode(call);
    }

    private static void RequireSecret(GraphCall call, AppSettings app)
    {
        if (call.Text("client_secret") is not { } secret)
            throw new GraphException(new GraphError(1, null, "Missing client_secret parameter."));
        if (secret != app.Secret) throw new GraphException(GraphErrors.ClientSecretWrong);
    }

    private static JsonObject ExchangeCode(GraphCall call)
    {
        var redirectUri = call.Text("redirect_uri")
            ?? throw new GraphException(new GraphError(191, null, "Missing redirect_uri parameter."));
        var code = call.Platform.Authorizations.FindCode(call.Require("code"))
            ?? throw GraphErrors.InvalidParameter("Invalid verification code format.");

        if (code.IsUsed) throw GraphErrors.Refuse(100, 36009);
        if (call.Platform.Clock.Now > code.IssuedAt + AuthorizationCode.Lifetime) throw GraphErrors.Refuse(100, 36007);
        if (code.RedirectUri != redirectUri) throw GraphErrors.Refuse(100, 36008);
        if (!code.TryUse()) throw GraphErrors.Refuse(100, 36009);

        return Issued(call.Platform.Authorizations.IssueUserToken(code.UserId, longLived: false), Authorizations.ShortLivedTokenLifetime);
    }

    private static JsonObject ExchangeToken(GraphCall call)
    {
        var authorizations = call.Platform.Authorizations;
        var token = authorizations.Find(call.Require("fb_exchange_token")) ?? throw GraphErrors.Refuse(190);
        if (authorizations.ProblemOf(token) is { } problem) throw new GraphException(problem);
        if (token.Kind is not TokenKind.User) throw GraphErrors.InvalidParameter("fb_exchange_token must be a user access token");

        return Issued(authorizations.IssueUserToken(token.UserId!, longLived: true), Authorizations.LongLivedTokenLifetime);
    }

    private static JsonObject Issued(AccessToken token, TimeSpan life) => new()
    {
        ["access_token"] = token.Value,
        ["token_type"] = "bearer",
        ["expires_in"] = (long)life.TotalSeconds,
    };

    private static JsonObject DebugToken(GraphCall call)
    {
        var platform = call.Platform;
        if (call.Token is { Kind: TokenKind.Page })
            throw GraphErrors.InvalidParameter(
                "You must provide an app access token, or a user access token that is an owner or developer of the app");

        var app = platform.Settings.App;
        var token = platform.Authorizations.Find(call.Require("input_token"));
        if (token is null)
        {
            return new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["error"] = ErrorOf(GraphErrors.ByCode(190)), ["is_valid"] = false, ["scopes"] = new JsonArray(),
                },
            };
        }

        var problem = platform.Authorizations.ProblemOf(token);
        var grant = platform.Authorizations.GrantOf(token.UserId);
        var data = new JsonObject
        {
            ["app_id"] = app.Id,
            ["type"] = token.Kind.ToString().ToUpperInvariant(),
            ["application"] = app.Name,
            ["data_access_expires_at"] = problem is null ? token.DataAccessExpiresAt.ToUnixTimeSeconds() : 0,
            ["expires_at"] = token.ExpiresAt?.ToUnixTimeSeconds() ?? 0,
            ["is_valid"] = problem is null,
        };
        if (problem is not null) data["error"] = ErrorOf(problem);
        else data["issued_at"] = token.IssuedAt.ToUnixTimeSeconds();
        if (token.PageId is not null) data["profile_id"] = token.PageId;

        data["scopes"] = new JsonArray(
            [.. (problem is null ? grant?.Granted ?? new HashSet<string>() : new HashSet<string>()).Select(scope => (JsonNode)scope)]);
        if (problem is null && grant is not null) data["granular_scopes"] = GranularScopes(platform, grant);
        if (token.UserId is not null) data["user_id"] = token.UserId;
        return new JsonObject { ["data"] = data };
    }

    private static JsonArray GranularScopes(Platform platform, Grant grant)
    {
        var scopes = new JsonArray();
        foreach (var permission in grant.Granted)
        {
            var targets = Permissions.IsAboutPages(permission) ? grant.PageIds
                : Permissions.IsAboutInstagram(permission) ? grant.PageIds.Select(id => platform.Pages[id].Instagram?.Id).OfType<string>()
                : null;
            if (targets is null) continue;

            var scope = new JsonObject { ["scope"] = permission };
            if (!grant.AllPages) scope["target_ids"] = new JsonArray([.. targets.Select(id => (JsonNode)id)]);
            scopes.Add(scope);
        }

        return scopes;
    }

    private static JsonObject ErrorOf(GraphError error)
    {
        var json = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
        if (error.Subcode is { } subcode) json["subcode"] = subcode;
        return json;
    }
}
