using MetaMessaging.Application.ApiKeys;

namespace MetaMessaging.WebUI.Api.ApiKeys;

internal sealed class CreateApiKeyEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/api-keys", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("API keys").WithSummary("Creates an API key")
        .WithDescription("The key is shown only once, in this answer.")
        .WithExamples(
            new CreateApiKey("Order system", ["messages:send", "conversations:read"]),
            new CreatedApiKey(4, "Order system", ["messages:send", "conversations:read"], "mm_2Zr8…"));

    private static async Task<Created<CreatedApiKey>> HandleAsync(
        CreateApiKey request, IMediator mediator, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(request, cancellationToken);
        return TypedResults.Created($"/api/api-keys/{created.Id}", created);
    }
}
