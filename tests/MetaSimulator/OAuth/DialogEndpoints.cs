using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>The login dialog: its page, and the post of its form.</summary>
internal static class DialogEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{version:regex(^v\\d+\\.\\d+$)}/dialog/oauth", Show);
        routes.MapPost("/{version:regex(^v\\d+\\.\\d+$)}/dialog/oauth", AnswerAsync);
    }

    private static IResult Show(HttpContext http, Platform platform)
    {
        var (request, problem) = DialogRequest.Read(http.Request.Query, platform.Settings.App);
        if (request is null) return Html(ConsentPage.Problem(problem!), StatusCodes.Status400BadRequest);

        var person = platform.Persons[platform.CurrentPersonId];
        return Html(ConsentPage.Ask(platform, person, request, platform.Authorizations.GrantOf(person.Id)));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Platform platform)
    {
        var (request, problem) = DialogRequest.Read(http.Request.Query, platform.Settings.App);
        if (request is null) return Html(ConsentPage.Problem(problem!), StatusCodes.Status400BadRequest);

        var form = await http.Request.ReadFormAsync();
        if (form["action"] != "continue")
        {
            return Results.Redirect(request.Return(
                ("error", "access_denied"),
                ("error_code", "200"),
                ("error_description", "Permissions error"),
                ("error_reason", "user_denied")));
        }

        var person = platform.Persons[platform.CurrentPersonId];
        var earlier = platform.Authorizations.GrantOf(person.Id);
        var asked = request.Asked(earlier);
        var ticked = form["permissions"].OfType<string>().Where(asked.Contains).ToHashSet(StringComparer.Ordinal);

        // A permission that was granted before and is not asked for this time stays granted; Pages are replaced (platform reference, OAuth
        // → Login dialog).
        var granted = (earlier?.Granted ?? new HashSet<string>()).Except(asked)
            .Union(ticked)
            .Append(Permissions.PublicProfile)
            .ToHashSet(StringComparer.Ordinal);
        var declined = request.Scopes.Except(granted).ToHashSet(StringComparer.Ordinal);
        var chosen = form["pages"].OfType<string>().ToList();
        var allPages = chosen.Contains(ConsentPage.AllPages);
        var pages = person.Pages.Keys.Where(id => allPages || chosen.Contains(id)).ToHashSet(StringComparer.Ordinal);
        platform.Authorizations.Replace(new Grant(person.Id, granted, declined, pages, allPages));

        var code = platform.Authorizations.IssueCode(person.Id, request.RedirectUri);
        return request.ResponseTypes.Contains("granted_scopes")
            ? Results.Redirect(
                request.Return(
                    ("code", code.Value), ("granted_scopes", string.Join(',', granted)), ("denied_scopes", string.Join(',', declined))))
            : Results.Redirect(request.Return(("code", code.Value)));
    }

    private static IResult Html(string page, int status = StatusCodes.Status200OK) =>
        Results.Content(page, "text/html; charset=utf-8", statusCode: status);
}
