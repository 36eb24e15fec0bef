using System.Diagnostics;

namespace MetaMessaging.Application.Outbound;

/// <summary>What the attempt to send a claimed message came to. With none of the three the claim had ended before Meta was called, and
/// <see cref="ReconcileSend"/> decides.</summary>
/// <param name="ClaimedUntil">The claim under which it was tried.</param>
public sealed record SendOutcome(long MessageId, long ConversationId, DateTimeOffset? ClaimedUntil)
{
    public DateTimeOffset At { get; init; }

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
        var outcome = new SendOutcome(message.Id, message.ConversationId, message.ClaimedUntil);
        try
        {
            var (conversation, connection) = (message.Conversation, message.Conversation.Connection);
            connection.EnsureCanSend(conversation.Channel, clock.GetUtcNow());
            var tag = message.RequiredTag(clock.GetUtcNow());
            var recipient = Recipient.Of(connection, conversation.Channel, conversation.ScopedUserId);
            OutgoingAttachment? outgoingFile = null;
            if (message.Attachments is [var file])
            {
                var (remoteId, claimedUntil) = await UploadAsync(recipient, file, outcome.ClaimedUntil);
                outcome = outcome with { ClaimedUntil = claimedUntil };
                outgoingFile = new OutgoingAttachment(file.Type, remoteId, remoteId is null ? file.Details : null);
            }

            var outgoing = new OutgoingMessage(
                message.Text, message.Metadata, message.QuickReplies, message.ReplyToExternalId, tag, outgoingFile);
            // A process that was paused meanwhile must not send what another node may find unsent during the call, and send, too.
            if (outcome.ClaimedUntil is not { } end || clock.GetUtcNow() + Message.MaxSendTime > end) return Finish();
            var externalId = await metaMessages.SendAsync(recipient, outgoing, CancellationToken.None);
            return Finish() with { ExternalId = externalId };
        }
        catch (FileNotFoundException exception)
        {
            return NotCalled(RefusalClass.Attachment, exception, RefusalActor.Agent, retryable: false);
        }
        catch (UnavailableException exception)
        {
            return NotCalled(RefusalClass.Transient, exception, RefusalActor.Wait, retryable: true);
        }
        catch (ConflictException exception)
        {
            // The Page was disconnected, blocked or restricted while the message waited, or its token expired.
            var refusalClass = exception.Code is "sending_blocked" ? RefusalClass.Restricted : RefusalClass.Token;
            return NotCalled(refusalClass, exception, RefusalActor.Admin, retryable: true);
        }
        catch (DomainException exception)
        {
            return NotCalled(RefusalClass.Window, exception, RefusalActor.Agent, retryable: false);
        }
        catch (GraphException exception)
        {
            return Finish() with { Refusal = exception.Refusal };
        }

        SendOutcome Finish() => outcome with { At = clock.GetUtcNow() };

        SendOutcome NotCalled(RefusalClass refusalClass, Exception exception, RefusalActor actor, bool retryable) =>
            Finish() with { NotCalled = Refusal.OfGateway(refusalClass, exception.Message, actor, retryable) };
    }

    /// <summary>Uploads the file in a call of its own, where that is needed, and saves Meta's id of it before the message is sent.
    /// </summary>
    /// <returns>Meta's id of the file, and until when the message is claimed: null when the claim has ended.</returns>
    private async Task<(string? RemoteId, DateTimeOffset? ClaimedUntil)> UploadAsync(
        Recipient recipient, MessageAttachment attachment, DateTimeOffset? claimedUntil)
    {
        if (!attachment.NeedsUpload(clock.GetUtcNow())) return (attachment.RemoteId, claimedUntil);
        await using var content = await media.OpenReadAsync(attachment.StorageKey!, CancellationToken.None)
            ?? throw new FileNotFoundException("The file is no longer there. Upload it again.");
        var file = new OutgoingFile(attachment.Type, attachment.ContentType!, attachment.FileName!, content);
        var remoteId = await metaMessages.UploadAsync(recipient, file, CancellationToken.None);
        var saved = await db.MessageAttachments.Include(a => a.Message).SingleAsync(a => a.Id == attachment.Id, CancellationToken.None);
        saved.RecordUpload(remoteId, clock.GetUtcNow());
        var isRenewed = saved.Message.TryRenewClaim(claimedUntil, clock.GetUtcNow());
        await db.SaveChangesAsync(CancellationToken.None);
        return (remoteId, isRenewed ? saved.Message.ClaimedUntil : null);
    }
}
