using MetaMessaging.Application.Inbound;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.Api.Inbound;

internal sealed class VerifyWebhookEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/integrations/meta-messaging/webhook", HandleAsync)
        .AllowAnonymous()   // the verify token authenticates Meta
        .WithTags("Webhook").WithSummary("Verifies the webhook address for Meta")
        .WithParameter(ParameterLocation.Query, "hub.mode", "Always `subscribe`.", "subscribe")
        .WithParameter(ParameterLocation.Query, "hub.verify_token", "The verify token of System Config.", "correct-horse")
        .WithParameter(ParameterLocation.Query, "hub.challenge", "Returned as the response body.", "1158201444")
        .WithProblems("validation_failed", "verify_token_mismatch");

    private static async Task<ContentHttpResult> HandleAsync(HttpRequest http, IMediator mediator, CancellationToken cancellationToken)
    {
        var request = new VerifyWebhook(Parameter("mode"), Parameter("verify_token"), Parameter("challenge"));
        var challenge = await mediator.Send(request, cancellationToken);
        return TypedResults.Text(challenge, "text/plain");

        // Some proxies turn dots in names into underscores (platform reference, Webhooks → Verification).
        string? Parameter(string name) => (string?)http.Query[$"hub.{name}"] ?? http.Query[$"hub_{name}"];
    }
}
