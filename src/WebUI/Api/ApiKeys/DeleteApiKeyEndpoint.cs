using MetaMessaging.Application.ApiKeys;

namespace MetaMessaging.WebUI.Api.ApiKeys;

internal sealed class DeleteApiKeyEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/api-keys/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("API keys").WithSummary("Deletes an API key, effective immediately")
        .WithProblems("api_key_not_found");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new DeleteApiKey(id), cancellationToken);
}
