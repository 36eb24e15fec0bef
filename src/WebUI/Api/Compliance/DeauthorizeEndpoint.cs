using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.Api.Compliance;

internal sealed class DeauthorizeEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/integrations/meta-messaging/deauthorize", HandleAsync)
        .AllowAnonymous()   // the signature authenticates Meta
        .ShortCircuit()     // skips the middleware that resolves the caller: the request concerns every organization
        .WithTags("Compliance").WithSummary("Handles the removal of the app by a person who connected a Page")
        .WithDescription("The address for Facebook Login → Settings → Deauthorize callback URL in Meta's dashboard.")
        .WithSignedRequest();

    private static async Task<Ok> HandleAsync(
        HttpRequest request, OrganizationScope scope, IMediator mediator, CancellationToken cancellationToken)
    {
        scope.EnterAllOrganizations();
        await mediator.Send(new Deauthorize(await SignedRequestForm.ReadAsync(request, cancellationToken)), cancellationToken);
        return TypedResults.Ok();
    }
}
