using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>
/// Hands a conversation's queued messages to Meta, oldest first, and stops at the first that is not ours to send now: those behind it wait.
/// Behind a part of a send that has failed only the other parts of that send wait. Any number of alarms may ask for it; the claim on the row decides who sends.
/// </summary>
public sealed record DeliverMessages(long ConversationId) : IJob;

/// <summary>A message that nobody was waiting for any more was sent after all: those behind it are next.</summary>
internal sealed class DeliverMessagesWhenConfirmed(IDispatcher dispatcher) : INotificationHandler<Happened<MessageConfirmed>>
{
    public Task Handle(Happened<MessageConfirmed> notification, CancellationToken cancellationToken)
    {
        dispatcher.Wake(notification.Event.Message.ConversationId);
        return Task.CompletedTask;
    }
}

internal sealed class DeliverMessagesHandler(IAppDbContext db, IMetaMessages metaMessages, IMediaStore media, IGraphBudget budget, IDispatcher dispatcher, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DeliverMessages>
{
    /// <summary>Then it is another's turn, with a unit of work of its own: every save looks through all that went before.</summary>
    private const int MaxMessagesPerRun = 10;

    protected override async Task Handle(DeliverMessages request, CancellationToken cancellationToken)
    {
        var message = await ClaimNextAsync(request.ConversationId, null, cancellationToken);
        if (message is not null) await db.SaveChangesAsync(cancellationToken);   // "sending" is on disk before Meta hears of it
        SetAlarm(message);

        for (var left = MaxMessagesPerRun; message is { Status: MessageStatus.Sending }; left--)
        {
            await SendAsync(message);

            // One commit for what became of this one and for the claim on the next: the disk is what a busy node waits for.
            var goesOn = !message.IsPending && left > 1 && !cancellationToken.IsCancellationRequested;
            var next = goesOn ? await ClaimNextAsync(request.ConversationId, message, CancellationToken.None) : null;
            await SaveOutcomeAsync(message);
            SetAlarm(message);
            SetAlarm(next);
            if (message.Status is MessageStatus.Sending) jobs.Schedule(new ReconcileSend(message.Id), message.ClaimedUntil!.Value);
            if (left == 1) dispatcher.Wake(request.ConversationId);
            message = next;
        }

        await HoldBackAsync(request, cancellationToken);
    }

    /// <summary>The parts behind one that failed wait for it to be sent again, and fail with it after an hour.</summary>
    private async Task HoldBackAsync(DeliverMessages request, CancellationToken cancellationToken)
    {
        var held = await db.OutboundOf(request.ConversationId)
            .Where(m => m.Status == MessageStatus.Queued && m.PartNumber > 0
                && db.Messages.Any(e => e.SendId == m.SendId && e.PartNumber < m.PartNumber && e.Status == MessageStatus.Failed))
            .ToListAsync(cancellationToken);
        if (!held.ConvertAll(m => m.HoldBack(clock.GetUtcNow())).Contains(true)) return;

        await db.SaveChangesAsync(cancellationToken);
        if (held.Max(m => m.HeldUntil) is { } until) jobs.Schedule(request, until);
    }

    /// <summary>Saves nothing. Room at Meta comes before the claim, which would run out while it waits.</summary>
    /// <returns>The next message: claimed, or waiting for the Page from now on; null when there is none that is ours to send now.</returns>
    private async Task<Message?> ClaimNextAsync(long conversationId, Message? behind, CancellationToken cancellationToken)
    {
        if (await NextAsync(conversationId, behind, cancellationToken) is not { } next) return null;

        var now = clock.GetUtcNow();
        var message = next.Message;
        if (message.WaitForPage(next.PausedUntil, now)) return message;
        return message.IsDue(now) && HasRoom(message) && message.TryClaim(now) ? message : null;
    }

    /// <summary>With the Page's pause as it is now: another conversation, on another node, may have met a limit.</summary>
    /// <remarks>Asked for every message, so it asks for no column twice: what most messages do not have is loaded when one has it.</remarks>
    /// <param name="behind">Dealt with, though the database does not know it yet; null for the head of the queue.</param>
    private async Task<Next?> NextAsync(long conversationId, Message? behind, CancellationToken cancellationToken)
    {
        var afterId = behind?.Id ?? 0;
        var sentId = behind is { Status: not MessageStatus.Failed } ? behind.Id : 0;
        var waiting = db.OutboundOf(conversationId)
            .Where(m => m.Id > afterId && (m.Status == MessageStatus.Queued || m.Status == MessageStatus.Sending))
            .Where(m => m.PartNumber == 0 || !db.Messages.Any(e => e.SendId == m.SendId && e.PartNumber < m.PartNumber && e.Id != sentId
                && (e.Status == MessageStatus.Queued || e.Status == MessageStatus.Sending || e.Status == MessageStatus.Failed)));
        if (behind is null) waiting = waiting.Include(m => m.Conversation.Connection);   // those behind it find them here
        var next = await waiting.OrderBy(m => m.Id)
            .Select(m => new Next(m, m.Conversation.Connection.SendsPausedUntil, m.Attachments.Any()))
            .FirstOrDefaultAsync(cancellationToken);
        if (next is { HasAttachments: true, Message.Id: var id }) await db.MessageAttachments.Where(a => a.MessageId == id).LoadAsync(cancellationToken);
        return next;
    }

    private bool HasRoom(Message message) =>
        budget.TryTake(message.Conversation.Connection.RateLimitedAccountId(message.Channel), message.IsAudioOrVideo, message.ConversationId);

    private void SetAlarm(Message? message)
    {
        if (message?.NextAttemptAt is { } at) jobs.Schedule(new DeliverMessages(message.ConversationId), at);
    }

    /// <summary>Never cancelled: once the request has left, only Meta's answer tells what became of it.</summary>
    private async Task SendAsync(Message message)
    {
        var conversation = message.Conversation;
        try
        {
            conversation.Connection.EnsureCanSend(conversation.Channel, clock.GetUtcNow());
            var tag = message.RequiredTag(clock.GetUtcNow());
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            var attachment = await UploadAsync(recipient, message);
            var outgoing = new OutgoingMessage(message.Text, message.Metadata, message.QuickReplies, message.ReplyToExternalId, tag, attachment);
            var externalId = await metaMessages.SendAsync(recipient, outgoing, CancellationToken.None);
            message.MarkSent(externalId, clock.GetUtcNow());
            conversation.Connection.ResumeSends();
        }
        catch (FileNotFoundException exception)
        {
            message.Fail(Refusal.Ours(RefusalClass.Attachment, exception.Message, RefusalActor.Agent, retryable: false));
        }
        catch (ConflictException exception)
        {
            // The Page, its token or its Instagram account went away while the message waited, or Meta took them the right to send; it was not asked.
            var why = exception.Code == "sending_blocked" ? RefusalClass.Restricted : RefusalClass.Token;
            message.Fail(Refusal.Ours(why, exception.Message, RefusalActor.Admin, retryable: true));
        }
        catch (DomainException exception)
        {
            message.Fail(Refusal.Ours(RefusalClass.Window, exception.Message, RefusalActor.Agent, retryable: false));
        }
        catch (GraphException exception)
        {
            message.RecordRefusal(exception.Refusal, clock.GetUtcNow(), Random.Shared.NextDouble());
            if (exception.Refusal.Class is RefusalClass.Attachment) message.DiscardUpload();
            conversation.Connection.ApplySendRefusal(exception.Refusal, conversation.Channel, clock.GetUtcNow());
            db.SendRefusals.Add(new SendRefusal(message, exception.Refusal, clock.GetUtcNow()));
        }
    }

    /// <summary>Meta gets the file first, in a call of its own that sends nothing; what becomes of it is on disk before the message goes.</summary>
    /// <returns>Null when there is nothing but text.</returns>
    private async Task<OutgoingAttachment?> UploadAsync(Recipient recipient, Message message)
    {
        if (message.Attachments is not [var attachment]) return null;
        if (attachment.NeedsUpload(clock.GetUtcNow()))
        {
            await using var content = media.OpenRead(attachment.StorageKey!) ?? throw new FileNotFoundException("The file is no longer there. Upload it again.");
            var file = new OutgoingFile(attachment.Type, attachment.ContentType!, attachment.FileName!, content);
            attachment.RecordUpload(await metaMessages.UploadAsync(recipient, file, CancellationToken.None), clock.GetUtcNow());
            message.RenewClaim(clock.GetUtcNow());
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return new OutgoingAttachment(attachment.Type, attachment.RemoteId, attachment.RemoteId is null ? attachment.Details : null);
    }

    /// <summary>Receipts may have overtaken the news that the message was sent, so they are applied in the same transaction.</summary>
    private async Task SaveOutcomeAsync(Message message)
    {
        var twinId = await RemoveTwinAsync(message);
        var (conversationId, mid) = (message.ConversationId, message.ExternalId);
        var wasWaitedFor = false;
        await db.SaveChangesAsync(async cancellationToken =>
        {
            var now = await db.Conversations.AsNoTracking().Where(c => c.Id == conversationId)
                .Select(c => new
                {
                    c.DeliveredUpTo,
                    c.ReadUpTo,
                    HasParked = db.ParkedEvents.Any(p => p.ConnectionId == c.ConnectionId && p.Mid == mid),
                })
                .SingleAsync(cancellationToken);
            wasWaitedFor = now.HasParked;
            await db.MarkMessagesUpToAsync(conversationId, now.DeliveredUpTo, now.ReadUpTo, cancellationToken);
            if (twinId is null) return;
            await db.Messages.Where(m => m.ConversationId == conversationId && m.ReplyToMessageId == twinId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.ReplyToMessageId, message.Id), cancellationToken);
        }, CancellationToken.None);
        if (wasWaitedFor) jobs.Enqueue(new ApplyParkedEvents(message.Id));
    }

    /// <summary>An Instagram echo that came before the answer and could not be told apart from a foreign one is this message.</summary>
    /// <returns>The twin's id, which replies may name; null when there was none.</returns>
    private async Task<long?> RemoveTwinAsync(Message message)
    {
        if (message is not { ExternalId: { } mid, ConnectionId: var connectionId, Id: var id }) return null;
        var twins = db.Messages.Where(m => m.ConnectionId == connectionId && m.ExternalId == mid && m.Id != id && m.Origin == MessageOrigin.External);
        if (!await twins.AnyAsync()) return null;

        var twin = await twins.Include(m => m.Reactions).SingleAsync();
        message.MergeDuplicate(twin, clock.GetUtcNow());
        db.Messages.Remove(twin);
        return twin.Id;
    }

    private sealed record Next(Message Message, DateTimeOffset? PausedUntil, bool HasAttachments);
}
