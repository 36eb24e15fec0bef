using MetaMessaging.Application.Connections;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class HandleOAuthCallbackEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/integrations/meta-messaging/oauth/callback", HandleAsync)
        .AllowAnonymous()   // authenticated by the state and the cookie
        .ExcludeFromDescription();

    /// <summary>A person's browser comes here from Meta: it is always redirected to a page.</summary>
    private static async Task<RedirectHttpResult> HandleAsync(HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        try
        {
            return await ContinueAsync(context, mediator, cancellationToken);
        }
        catch (Exception exception) when (exception is GraphException or UnavailableException or DbUpdateConcurrencyException)
        {
            return Settings("meta_error", "exchange_failed");
        }
    }

    private static async Task<RedirectHttpResult> ContinueAsync(
        HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        var error = (string?)query["error"] ?? query["error_code"];
        var request = new HandleOAuthCallback(
            query["state"], query["code"], OAuthBrowserCookie.Read(context.Request), error, context.User.UserId());
        var result = await mediator.Send(request, cancellationToken);

        return result switch
        {
            { Error: { } failed } => Settings("meta_error", failed),
            { OnlyPageId: { } pageId, PendingId: { } pendingId } => await ConnectAsync(mediator, pendingId, pageId, cancellationToken),
            _ => Settings("meta_select_page", FormattableString.Invariant($"{result.PendingId}")),
        };
    }

    private static async Task<RedirectHttpResult> ConnectAsync(
        IMediator mediator, long pendingId, string pageId, CancellationToken cancellationToken)
    {
        try
        {
            return Settings("meta_connected", (await mediator.Send(new ConnectPage(pendingId, pageId), cancellationToken)).PageId);
        }
        catch (ConflictException exception)
        {
            return Settings("meta_error", exception.Code);
        }
        catch (DomainException exception) when (exception.Code == "page_not_connectable")
        {
            return Settings("meta_error", "missing_permissions");
        }
    }

    private static RedirectHttpResult Settings(string name, string value) =>
        TypedResults.Redirect($"/settings/integrations?{name}={Uri.EscapeDataString(value)}");
}
