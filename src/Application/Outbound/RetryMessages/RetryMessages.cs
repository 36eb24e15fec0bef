using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Outbound;

/// <summary>Queues failed messages again, oldest first: those named by id, or all found that may succeed. What Meta may have sent already
/// has to be named, because sending it again may send it twice.</summary>
/// <param name="All">All messages that the filter finds, instead of ids.</param>
/// <inheritdoc cref="RetryMessage"/>
[NotAudited("The messages themselves show their sender and status.")]
public sealed record RetryMessages(
    IReadOnlyList<long>? Ids = null, bool All = false, Channel? Channel = null, long? ConnectionId = null, RefusalClass? Class = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, MessageTag? Tag = null, long? AgentId = null)
    : IRequest<RetriedMessages>, IFailedMessagesFilter
{
    public const int MaxMessages = 1000;
}

/// <param name="Retried">How many messages are queued again.</param>
/// <param name="Refused">The messages that cannot be sent now, and why.</param>
/// <param name="Left">How many more messages the filter finds; repeat the request for them.</param>
public sealed record RetriedMessages(int Retried, IReadOnlyList<RefusedRetry> Refused, int Left);

public sealed record RefusedRetry(long MessageId, string Code, string Detail);

internal sealed class RetryMessagesValidator : AbstractValidator<RetryMessages>
{
    public RetryMessagesValidator()
    {
        Include(new FailedMessagesFilterValidator());
        RuleFor(r => r.Tag).IsInEnum();
        RuleFor(r => r.Ids).Must(ids => ids!.Count is > 0 and <= RetryMessages.MaxMessages).When(r => r.Ids is not null)
            .WithMessage($"Give the ids of 1 to {RetryMessages.MaxMessages} messages.");
        RuleFor(r => r.Ids).NotNull().When(r => !r.All).WithMessage("Give ids, or all: true.");
        RuleFor(r => r.Ids).Null().When(r => r.All).WithMessage("Use either ids or all.");
    }
}

internal sealed class RetryMessagesHandler(
    IAppDbContext db, OrganizationScope scope, HumanAuthor author, IDispatcher dispatcher, TimeProvider clock)
    : IRequestHandler<RetryMessages, RetriedMessages>
{
    /// <summary>Small enough that SQLite's only writer is not blocked for long.</summary>
    private const int ChunkSize = 100;

    public async Task<RetriedMessages> Handle(RetryMessages request, CancellationToken cancellationToken)
    {
        var wanted = request.Ids is { } ids
            ? db.Messages.Where(m => m.Status == MessageStatus.Failed && ids.Contains(m.Id))
            : db.Messages.OfOrganization(scope).FailedMatching(request)
                .Where(m => m.Error!.Retryable && m.Error.Class != RefusalClass.OutcomeUnknown);
        var all = await wanted.OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).Select(m => m.Id)
            .Take(RetryMessages.MaxMessages).ToListAsync(cancellationToken);
        var left = all.Count < RetryMessages.MaxMessages ? 0 : await wanted.CountAsync(cancellationToken) - all.Count;

        var refused = new List<RefusedRetry>();
        foreach (var chunk in all.Chunk(ChunkSize)) refused.AddRange(await RetryAsync(chunk, request, cancellationToken));
        return new RetriedMessages(all.Count - refused.Count, refused, left);
    }

    private async Task<List<RefusedRetry>> RetryAsync(long[] messageIds, RetryMessages request, CancellationToken cancellationToken)
    {
        var messages = await db.Messages.Include(m => m.Conversation.Connection)
            .Where(m => messageIds.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        var sendIds = messages.Select(m => m.SendId).Distinct().ToList();
        var parts = await db.Messages
            .Where(m => m.SendId != null && m.PartNumber > 0 && sendIds.Contains(m.SendId))
            .ToListAsync(cancellationToken);
        var refused = new List<RefusedRetry>();
        foreach (var message in messages.Where(m => m.Status is MessageStatus.Failed))   // some are queued with an earlier part already
        {
            try
            {
                var laterParts = parts.FindAll(p => p.SendId == message.SendId && p.PartNumber > message.PartNumber);
                var asHumanAgent = await author.IsHumanAgentOfRetryAsync(message, request.Tag, request.AgentId, cancellationToken);
                message.Retry(laterParts, asHumanAgent, clock.GetUtcNow());
            }
            catch (DomainException exception)
            {
                refused.Add(new RefusedRetry(message.Id, exception.Code, exception.Message));   // the others are retried
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        foreach (var conversationId in messages.Where(m => m.Status is MessageStatus.Queued).Select(m => m.ConversationId).Distinct())
            dispatcher.Wake(conversationId);
        return refused;
    }
}
