namespace MetaMessaging.Application.Outbound;

/// <summary>Makes the calls to Meta that send one claimed message, and records on the message what Meta answered.</summary>
internal sealed class MessageSender(
    IAppDbContext db, AuditLog audit, IMetaMessages metaMessages, IMediaStore media, TimeProvider clock) : IScopedService
{
    /// <summary>Cannot be cancelled: once the request has left, only Meta's answer tells whether the customer gets the message.</summary>
    public async Task SendAsync(Message message)
    {
        var (conversation, connection) = (message.Conversation, message.Conversation.Connection);
        try
        {
            connection.EnsureCanSend(conversation.Channel, clock.GetUtcNow());
            var tag = message.RequiredTag(clock.GetUtcNow());
            var recipient = Recipient.Of(connection, conversation.Channel, conversation.ScopedUserId);
            var outgoing = new OutgoingMessage(
                message.Text, message.Metadata, message.QuickReplies, message.ReplyToExternalId, tag,
                await UploadAttachmentAsync(recipient, message));
            var externalId = await metaMessages.SendAsync(recipient, outgoing, CancellationToken.None);
            message.MarkSent(externalId, clock.GetUtcNow());
            connection.ResumeSends();
        }
        catch (FileNotFoundException exception)
        {
            message.Fail(Refusal.OfGateway(RefusalClass.Attachment, exception.Message, RefusalActor.Agent, retryable: false));
        }
        catch (ConflictException exception)
        {
            // Meta was not called: the Page was disconnected, blocked or restricted while the message waited, or its token expired.
            var refusalClass = exception.Code is "sending_blocked" ? RefusalClass.Restricted : RefusalClass.Token;
            message.Fail(Refusal.OfGateway(refusalClass, exception.Message, RefusalActor.Admin, retryable: true));
        }
        catch (DomainException exception)
        {
            message.Fail(Refusal.OfGateway(RefusalClass.Window, exception.Message, RefusalActor.Agent, retryable: false));
        }
        catch (GraphException exception)
        {
            message.RecordRefusal(exception.Refusal, clock.GetUtcNow(), Random.Shared.NextDouble());
            if (exception.Refusal.Class is RefusalClass.Attachment) message.DiscardUpload();
            audit.RecordState(
                connection, () => connection.ApplySendRefusal(exception.Refusal, conversation.Channel, clock.GetUtcNow()));
            db.SendRefusals.Add(new SendRefusal(message, exception.Refusal, clock.GetUtcNow()));
        }
    }

    /// <summary>Uploads the file in a call of its own, and saves Meta's id of it before the message is sent.</summary>
    private async Task<OutgoingAttachment?> UploadAttachmentAsync(Recipient recipient, Message message)
    {
        if (message.Attachments is not [var attachment]) return null;
        if (attachment.NeedsUpload(clock.GetUtcNow()))
        {
            await using var content = media.OpenRead(attachment.StorageKey!)
                ?? throw new FileNotFoundException("The file is no longer there. Upload it again.");
            var file = new OutgoingFile(attachment.Type, attachment.ContentType!, attachment.FileName!, content);
            attachment.RecordUpload(await metaMessages.UploadAsync(recipient, file, CancellationToken.None), clock.GetUtcNow());
            message.RenewClaim(clock.GetUtcNow());
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return new OutgoingAttachment(attachment.Type, attachment.RemoteId, attachment.RemoteId is null ? attachment.Details : null);
    }
}
