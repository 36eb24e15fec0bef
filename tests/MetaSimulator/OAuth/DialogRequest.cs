using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>A validated request to the login dialog (platform reference, OAuth → Login dialog).</summary>
internal sealed record DialogRequest(
    string RedirectUri, string? State, IReadOnlyList<string> ResponseTypes, IReadOnlyList<string> Scopes, bool Rerequest)
{
    private static readonly char[] ScopeSeparators = [',', ' '];

    /// <summary>Returns the request, or the problem that Facebook shows on its own page instead of redirecting to the app.</summary>
    public static (DialogRequest? Request, string? Problem) Read(IQueryCollection query, AppSettings app)
    {
        if (query["client_id"] != app.Id) return (null, "Invalid App ID: the provided app ID does not look like a valid app ID.");

        var redirectUri = query["redirect_uri"].ToString();
        if (redirectUri is "") return (null, "Missing redirect_uri parameter.");
        if (!app.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            return (
                null,
                "URL blocked: this redirect failed because the redirect URI is not white-listed in the app's client OAuth settings. "
                    + "Make sure that the client and web OAuth logins are on and add all your app domains as valid OAuth redirect URIs.");
        }

        var responseTypes = query["response_type"].ToString().Split(ScopeSeparators, StringSplitOptions.RemoveEmptyEntries);
        if (responseTypes is []) responseTypes = ["code"];
        if (responseTypes.FirstOrDefault(type => type is not ("code" or "granted_scopes")) is { } unknown)
            return (null, $"Invalid response_type: {unknown}.");

        var (scopes, problem) = ReadScopes(query, app);
        if (problem is not null) return (null, problem);

        var rerequest = query["auth_type"].ToString().Split(',').Contains("rerequest");
        return (
            new DialogRequest(redirectUri, query.ContainsKey("state") ? query["state"].ToString() : null, responseTypes, scopes, rerequest),
            null);
    }

    private static (IReadOnlyList<string> Scopes, string? Problem) ReadScopes(IQueryCollection query, AppSettings app)
    {
        // A configuration of Facebook Login for Business takes the place of the scopes.
        if (query["config_id"].ToString() is { Length: > 0 } configuration)
        {
            return app.LoginConfigurations.TryGetValue(configuration, out var configured)
                ? (configured, null)
                : ([], "Invalid configuration: the config_id does not belong to this app.");
        }

        var scopes = query["scope"].ToString().Split(ScopeSeparators, StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        var invalid = scopes.Where(scope => !app.Permissions.Contains(scope)).ToList();
        return invalid is []
            ? (scopes, null)
            : (
                [],
                $"Invalid Scopes: {string.Join(", ", invalid)}. This message is only shown to developers. Users of your app will "
                    + "ignore these permissions if present.");
    }

    /// <summary>Leaves out permissions that were declined before, unless <c>auth_type=rerequest</c>.</summary>
    public IReadOnlyList<string> Asked(Grant? earlier) =>
        [.. Scopes.Where(scope => scope is not Permissions.PublicProfile && (Rerequest || earlier?.Declined.Contains(scope) is not true))];

    public string Return(params (string Name, string? Value)[] parameters)
    {
        var query = string.Join('&', parameters.Append(("state", State)).Where(pair => pair.Item2 is not null)
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!).Replace("%20", "+", StringComparison.Ordinal)}"));
        return $"{RedirectUri}{(RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}#_=_";
    }
}
