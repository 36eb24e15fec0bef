using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>
/// Finds out what became of a try without an answer: a time-out, a dropped line, a crash. The conversation as Meta
/// shows it is the proof; without proof nothing is sent again.
/// </summary>
public sealed record ReconcileSend(long MessageId) : IJob;

internal sealed class ReconcileSendHandler(IAppDbContext db, IMetaMessages metaMessages, IDispatcher dispatcher, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<ReconcileSend>
{
    /// <summary>Meta's clock and ours may differ, and a message may be stamped before our call is.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);

    /// <summary>That there are many to ask about says nothing about this one.</summary>
    private static readonly TimeSpan GiveUpWhenLimitedAfter = TimeSpan.FromDays(1);

    protected override async Task Handle(ReconcileSend request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Attachments)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken);
        if (message is not { Status: MessageStatus.Sending } || message.ClaimedUntil > clock.GetUtcNow()) return;

        try
        {
            if (await FindAtMetaAsync(message, cancellationToken) is { } found) message.MarkSent(found.ExternalId, found.CreatedAt);
            else message.RequeueUnsent(clock.GetUtcNow());
        }
        catch (Exception exception) when (exception is GraphException or ConflictException)
        {
            AskAgainOrGiveUp(message, exception);
        }

        await db.SaveChangesAsync(
            token => db.MarkMessagesUpToAsync(message.ConversationId, message.Conversation.DeliveredUpTo, message.Conversation.ReadUpTo, token),
            cancellationToken);
        if (await db.ParkedEvents.AnyAsync(p => p.ConnectionId == message.ConnectionId && p.Mid == message.ExternalId, cancellationToken))
            jobs.Enqueue(new ApplyParkedEvents(message.Id));
        if (message.Status is MessageStatus.Sending) jobs.Schedule(request, message.ClaimedUntil!.Value);
        else dispatcher.Wake(message.ConversationId);
    }

    /// <summary>What may be this message, no older than the try, that no row of ours claims.</summary>
    private async Task<RemoteMessage?> FindAtMetaAsync(Message message, CancellationToken cancellationToken)
    {
        var conversation = message.Conversation;
        var recent = await metaMessages.ListRecentMessagesAsync(
            Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId), cancellationToken);
        var earliest = message.LastAttemptAt - ClockSkew;
        var candidates = recent
            .Where(r => r.FromId != conversation.ScopedUserId && r.CreatedAt >= Floor(earliest) && message.CouldBeEchoOf(r.Text, r.AttachmentKinds))
            .OrderBy(r => r.CreatedAt)
            .ToList();
        var mids = candidates.Select(c => c.ExternalId).ToList();
        var taken = await db.Messages.Where(m => m.ConnectionId == message.ConnectionId && m.Id != message.Id && mids.Contains(m.ExternalId!))
            .Select(m => m.ExternalId)
            .ToListAsync(cancellationToken);
        return candidates.FirstOrDefault(c => !taken.Contains(c.ExternalId));
    }

    // Meta's created_time has whole seconds.
    private static DateTimeOffset? Floor(DateTimeOffset? time) =>
        time is { } t ? DateTimeOffset.FromUnixTimeSeconds(t.ToUnixTimeSeconds()) : null;

    private void AskAgainOrGiveUp(Message message, Exception unproven)
    {
        var now = clock.GetUtcNow();
        var limited = unproven is GraphException { Refusal: { Class: RefusalClass.Rate } rate } ? rate : null;
        var giveUpAfter = limited is null ? GiveUpAfter : GiveUpWhenLimitedAfter;
        if (now - message.LastAttemptAt < giveUpAfter) message.ExtendClaim(now + (limited?.RetryAfter ?? AskAgainAfter));
        else
        {
            message.Fail(Refusal.Ours(
                RefusalClass.OutcomeUnknown,
                "The message may have been sent: Meta gave no answer, and could not be asked since.",
                RefusalActor.Agent,
                retryable: true,
                unproven.Message));
        }
    }
}
