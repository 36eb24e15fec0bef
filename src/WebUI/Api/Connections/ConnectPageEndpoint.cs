using FluentValidation;
using FluentValidation.Results;
using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.Api.Connections;

internal sealed class ConnectPageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/integrations/meta/connect", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Integrations").WithSummary("Connects one or several Pages of a pending connection")
        .WithDescription(
            "With `pageId` the answer is 201 and the connection. With `pageIds` it is 200 and says of each Page how it went; while none of "
            + "them could be connected, another choice is possible.")
        .WithProblems(
            "pending_connection_not_found", "page_not_found", "page_not_connectable", "page_already_connected",
            "changed_meanwhile", "meta_refused")
        .WithExamples(
            new PageChoice(9, PageId: null, [ExampleValues.PageId, "209876543210988"]), GetIntegrationStatusEndpoint.Connection,
            new ConnectedPages(
                [GetIntegrationStatusEndpoint.Connection],
                [new RefusedPage("209876543210988", "page_not_connectable", "Meta gave no access to Blue Cup Roastery.")]));

    private static async Task<Results<Created<ConnectionModel>, Ok<ConnectedPages>>> HandleAsync(
        PageChoice choice, IMediator mediator, CancellationToken cancellationToken)
    {
        if (choice is { PageId: not null, PageIds: not null })
            throw new ValidationException([new ValidationFailure(nameof(choice.PageIds), "Name one Page or several, not both.")]);
        if (choice.PageIds is not null)
            return TypedResults.Ok(await mediator.Send(new ConnectPages(choice.PendingId, choice.PageIds), cancellationToken));

        var connection = await mediator.Send(new ConnectPage(choice.PendingId, choice.PageId), cancellationToken);
        return TypedResults.Created("/api/integrations/meta/status", connection);
    }

    /// <param name="PageId">Or PageIds.</param>
    internal sealed record PageChoice(long PendingId, string? PageId = null, IReadOnlyList<string>? PageIds = null);
}
