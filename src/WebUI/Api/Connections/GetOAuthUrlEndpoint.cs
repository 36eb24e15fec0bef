using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class GetOAuthUrlEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/integrations/meta/oauth-url", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Gets the address of Meta's login dialog, in which a person connects a Page")
        .WithProblems("meta_not_configured")
        .WithExamples(new OAuthUrlAnswer(new Uri(
            "https://www.facebook.com/v25.0/dialog/oauth?client_id=123456789012345&redirect_uri=https%3A%2F%2Fgateway.example.com%2F"
            + "integrations%2Fmeta-messaging%2Foauth%2Fcallback&state=c3RhdGU&scope=pages_show_list&response_type=code")));

    private static async Task<Ok<OAuthUrlAnswer>> HandleAsync(HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var oauthUrl = await mediator.Send(new GetOAuthUrl(OAuthBrowserCookie.Read(context.Request)), cancellationToken);
        OAuthBrowserCookie.Write(context, oauthUrl.BrowserSecret);
        return TypedResults.Ok(new OAuthUrlAnswer(oauthUrl.Url));
    }

    internal sealed record OAuthUrlAnswer(Uri Url);
}
