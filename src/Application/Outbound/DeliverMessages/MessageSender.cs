using System.Diagnostics;

namespace MetaMessaging.Application.Outbound;

/// <summary>What the attempt to send a claimed message came to. With none of the three the claim had ended before Meta was called, and
/// <see cref="ReconcileSend"/> decides.</summary>
public sealed record SendOutcome(long MessageId, long ConversationId, DateTimeOffset At)
{
    /// <summary>The mid, if Meta accepted the message.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Why Meta was not called.</summary>
    public Refusal? NotCalled { get; init; }

    /// <summary>What Meta answered otherwise, or that it did not answer.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>Makes the calls to Meta that send one claimed message. The message and what belongs to it are only read, so many can be sent at
/// the same time.</summary>
public sealed class MessageSender(IAppDbContext db, IMetaMessages metaMessages, IMediaStore media, TimeProvider clock) : IScopedService
{
    /// <summary>Cannot be cancelled: once the request has left, only Meta's answer tells whether the customer gets the message.</summary>
    public async Task<SendOutcome> SendAsync(Message message)
    {
        using var activity = Tracing.Continue("send message", message.TraceParent, ActivityKind.Producer);
        var (conversation, connection) = (message.Conversation, message.Conversation.Connection);
        try
        {
            connection.EnsureCanSend(conversation.Channel, clock.GetUtcNow());
            var tag = message.RequiredTag(clock.GetUtcNow());
            var recipient = Recipient.Of(connection, conversation.Channel, conversation.ScopedUserId);
            var (attachment, claimedUntil) = await UploadAttachmentAsync(recipient, message);
            var outgoing = new OutgoingMessage(
                message.Text, message.Metadata, message.QuickReplies, message.ReplyToExternalId, tag, attachment);
            // A process that was paused meanwhile must not send what another node may have found unsent and send, too.
            if (clock.GetUtcNow() >= claimedUntil) return OutcomeOf(message);
            var externalId = await metaMessages.SendAsync(recipient, outgoing, CancellationToken.None);
            return OutcomeOf(message) with { ExternalId = externalId };
        }
        catch (FileNotFoundException exception)
        {
            return NotCalled(message, RefusalClass.Attachment, exception, RefusalActor.Agent, retryable: false);
        }
        catch (UnavailableException exception)
        {
            return NotCalled(message, RefusalClass.Transient, exception, RefusalActor.Wait, retryable: true);
        }
        catch (ConflictException exception)
        {
            // The Page was disconnected, blocked or restricted while the message waited, or its token expired.
            var refusalClass = exception.Code is "sending_blocked" ? RefusalClass.Restricted : RefusalClass.Token;
            return NotCalled(message, refusalClass, exception, RefusalActor.Admin, retryable: true);
        }
        catch (DomainException exception)
        {
            return NotCalled(message, RefusalClass.Window, exception, RefusalActor.Agent, retryable: false);
        }
        catch (GraphException exception)
        {
            return OutcomeOf(message) with { Refusal = exception.Refusal };
        }
    }

    private SendOutcome OutcomeOf(Message message) => new(message.Id, message.ConversationId, clock.GetUtcNow());

    private SendOutcome NotCalled(Message message, RefusalClass refusalClass, Exception exception, RefusalActor actor, bool retryable) =>
        OutcomeOf(message) with { NotCalled = Refusal.OfGateway(refusalClass, exception.Message, actor, retryable) };

    /// <summary>Uploads the file in a call of its own, and saves Meta's id of it before the message is sent.</summary>
    /// <returns>The attachment, and until when the message is claimed.</returns>
    private async Task<(OutgoingAttachment?, DateTimeOffset?)> UploadAttachmentAsync(Recipient recipient, Message message)
    {
        var claimedUntil = message.ClaimedUntil;
        if (message.Attachments is not [var attachment]) return (null, claimedUntil);
        var remoteId = attachment.RemoteId;
        if (attachment.NeedsUpload(clock.GetUtcNow()))
        {
            await using var content = await media.OpenReadAsync(attachment.StorageKey!, CancellationToken.None)
                ?? throw new FileNotFoundException("The file is no longer there. Upload it again.");
            var file = new OutgoingFile(attachment.Type, attachment.ContentType!, attachment.FileName!, content);
            remoteId = await metaMessages.UploadAsync(recipient, file, CancellationToken.None);
            var saved = await db.MessageAttachments.Include(a => a.Message).SingleAsync(a => a.Id == attachment.Id, CancellationToken.None);
            saved.RecordUpload(remoteId, clock.GetUtcNow());
            saved.Message.RenewClaim(clock.GetUtcNow());
            await db.SaveChangesAsync(CancellationToken.None);
            claimedUntil = saved.Message.ClaimedUntil;
        }

        return (new OutgoingAttachment(attachment.Type, remoteId, remoteId is null ? attachment.Details : null), claimedUntil);
    }
}
