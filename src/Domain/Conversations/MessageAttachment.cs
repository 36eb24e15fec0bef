namespace MetaMessaging.Domain.Conversations;

/// <summary>A file, link or template of a message, or a file that was uploaded to be sent.</summary>
public sealed class MessageAttachment : AttachmentFile, IOwnedByOrganization
{
    /// <summary>Meta deletes an upload after 90 days (platform reference, Send API → Attachments).</summary>
    private static readonly TimeSpan RemoteLifetime = TimeSpan.FromDays(80);

    private MessageAttachment() { }

    internal MessageAttachment(Message message, AttachmentContent content, DateTimeOffset now)
        : base(content.Type, content.Url, now)
    {
        OrganizationId = message.OrganizationId;
        Message = message;
        Title = content.Title;
        Details = content.Details;
        if (State is AttachmentState.Pending) Raise(new AttachmentReceived(this));
    }

    public long OrganizationId { get; private set; }

    /// <summary>Null while an uploaded file has not been sent.</summary>
    public long? MessageId { get; private set; }

    public Message Message { get; private set; } = null!;

    public string? Title { get; private set; }

    /// <summary>The payload if it contains more than address and title (cards, places, bookings), JSON as Meta sent it.</summary>
    public string? Details { get; private set; }

    /// <summary>When somebody uploaded it to be sent; null for what came from Meta.</summary>
    public DateTimeOffset? UploadedAt { get; private set; }

    /// <summary>Meta's id of the file after we uploaded it there, so that a second attempt to send need not upload it again.</summary>
    public string? RemoteId { get; private set; }

    public DateTimeOffset? RemoteUntil { get; private set; }

    /// <summary>A picture of a kind that the channel takes as a file; Meta may show it as either.</summary>
    internal bool IsPictureAsFile => Type is "file" && ContentType?.StartsWith("image/", StringComparison.Ordinal) is true;

    /// <summary>A file that somebody wants to send; it has no message yet.</summary>
    public static MessageAttachment Upload(long organizationId, StoredMedia media, DateTimeOffset now)
    {
        var type = media.ContentType.Split('/')[0] is var family and ("image" or "video" or "audio") ? family : "file";
        var upload = new MessageAttachment { OrganizationId = organizationId, Type = type, UploadedAt = now };
        upload.SetFile(media);
        return upload;
    }

    internal static MessageAttachment FromTemplate(Message message, MessageTemplate template, DateTimeOffset now) =>
        new(message, new AttachmentContent("template", Url: null, template.Title, Details: template.Payload), now);

    public bool NeedsUpload(DateTimeOffset now) => UploadedAt is not null && (RemoteId is null || RemoteUntil <= now);

    public void RecordUpload(string remoteId, DateTimeOffset now)
    {
        RemoteId = remoteId;
        RemoteUntil = now + RemoteLifetime;
    }

    public void DiscardUpload()
    {
        RemoteId = null;
        RemoteUntil = null;
    }

    internal void EnsureCanSend(Channel channel)
    {
        if (MessageId is not null)
        {
            throw new ConflictException(
                "attachment_already_sent", "This file was sent already. Upload it again to send it again.");
        }

        MessagingLimits.EnsureFileFits(channel, ContentType!, Size!.Value);
    }

    internal MessageAttachment AttachTo(Message message)
    {
        Message = message;
        Type = MessagingLimits.EnsureFileFits(message.Channel, ContentType!, Size!.Value);
        return this;
    }

    internal void EraseContent()
    {
        Title = null;
        Details = null;
        EraseSource();
    }

    protected override void RaiseUpdated() => Raise(new MessageUpdated(Message));
}

public sealed record AttachmentReceived(MessageAttachment Attachment) : DomainEvent;
