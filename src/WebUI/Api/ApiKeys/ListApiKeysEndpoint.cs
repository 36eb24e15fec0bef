using MetaMessaging.Application.ApiKeys;

namespace MetaMessaging.WebUI.Api.ApiKeys;

internal sealed class ListApiKeysEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/api-keys", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("API keys").WithSummary("Lists API keys, without their secrets")
        .WithExamples(new ApiKeyModel(
            4, "Order system", ["messages:send", "conversations:read"], ExampleValues.At.AddDays(-3),
            new ApiKeyCreator(1, "Maria Lind"), ExampleValues.At));

    private static async Task<Ok<Page<ApiKeyModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListApiKeys(limit, cursor), cancellationToken));
}
