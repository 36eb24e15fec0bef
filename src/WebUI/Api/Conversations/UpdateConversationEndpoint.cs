using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class UpdateConversationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/conversations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.WriteConversations)
        .WithTags("Conversations").WithSummary("Closes, reopens, snoozes or assigns a conversation")
        .WithDescription(
            "Properties that the body does not contain stay unchanged. `assigneeId: null` removes the assignment. A snooze ends at "
            + "`snoozedUntil`, or earlier with the customer's next message.")
        .WithProblems("conversation_not_found", "member_not_found", "snooze_in_the_past", "changed_meanwhile")
        .WithExamples(
            new ConversationChanges(ConversationStatus.Snoozed, ExampleValues.At.AddDays(1)) { AssigneeId = 1 },
            GetConversationEndpoint.Example);

    private static async Task<Ok<ConversationModel>> HandleAsync(
        long id, ConversationChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new UpdateConversation(id, changes.Status, changes.AssigneeId, changes.SnoozedUntil), cancellationToken));

    internal sealed record ConversationChanges(ConversationStatus? Status, DateTimeOffset? SnoozedUntil)
    {
        /// <summary>A member of the organization. Null removes the assignment; without this property it stays unchanged.</summary>
        public long? AssigneeId { get; init => field = value ?? 0; }   // set only when the body has it, so its null is not lost
    }
}
