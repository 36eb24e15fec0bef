using MediatR;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class UpdateConversationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/conversations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.WriteConversations)
        .WithTags("Conversations").WithSummary("Closes, reopens, snoozes or assigns a conversation")
        .WithDescription("What is absent stays as it is. `assigneeId: 0` takes the assignment away.");

    private static async Task<Ok<ConversationModel>> HandleAsync(
        long id, ConversationChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new UpdateConversation(id, changes.Status, changes.AssigneeId, changes.SnoozedUntil), cancellationToken));

    internal sealed record ConversationChanges(ConversationStatus? Status, long? AssigneeId, DateTimeOffset? SnoozedUntil);
}
