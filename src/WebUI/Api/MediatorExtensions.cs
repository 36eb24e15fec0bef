namespace MetaMessaging.WebUI.Api;

internal static class MediatorExtensions
{
    /// <summary>Sends a request that is answered with 204.</summary>
    public static async Task<NoContent> SendForNoContentAsync<T>(
        this IMediator mediator, IRequest<T> request, CancellationToken cancellationToken)
    {
        await mediator.Send(request, cancellationToken);
        return TypedResults.NoContent();
    }
}
