using System.Text.Json.Serialization;
using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.Api.Compliance;

internal sealed class DeleteMetaUserDataEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/integrations/meta-messaging/data-deletion", HandleAsync)
        .AllowAnonymous()   // the signature authenticates Meta
        .ShortCircuit()     // skips the middleware that resolves the caller: the request concerns every organization
        .WithTags("Compliance").WithSummary("Deletes what is held about a person who connected a Page")
        .WithDescription("The address for Settings → Basic → Data deletion request URL in Meta's dashboard.")
        .WithSignedRequest()
        .WithExamples(new DataDeletionAnswer(
            new Uri("https://messages.example.com/integrations/meta-messaging/data-deletion/7KQ2M9XH4TBW8RPCZ3VN"),
            "7KQ2M9XH4TBW8RPCZ3VN"));

    private static async Task<Ok<DataDeletionAnswer>> HandleAsync(
        HttpRequest request, OrganizationScope scope, IMediator mediator, CancellationToken cancellationToken)
    {
        scope.EnterAllOrganizations();
        var text = await SignedRequestForm.ReadAsync(request, cancellationToken);
        var receipt = await mediator.Send(new DeleteMetaUserData(text), cancellationToken);
        return TypedResults.Ok(new DataDeletionAnswer(receipt.Url, receipt.ConfirmationCode));
    }
}

/// <param name="ConfirmationCode">Snake case, as Meta expects it (platform reference, OAuth → signed_request).</param>
internal sealed record DataDeletionAnswer(Uri Url, [property: JsonPropertyName("confirmation_code")] string ConfirmationCode);
