using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class ConversationConfiguration : IEntityTypeConfiguration<Conversation>
{
    public void Configure(EntityTypeBuilder<Conversation> conversation)
    {
        conversation.Property(c => c.ScopedUserId).IsMetaId();
        conversation.Property(c => c.AssigneeName).IsText(200);
        conversation.Property(c => c.LastMessagePreview).IsText(200);
        conversation.Property(c => c.ThreadOwnerAppId).IsMetaId();
        conversation.Property(c => c.OptIn).IsCode();
        conversation.Property(c => c.Referral).IsCode();
        conversation.Ignore(c => c.UnreadCount);
        conversation.HasOne(c => c.Connection).WithMany().HasForeignKey(c => c.ConnectionId).OnDelete(DeleteBehavior.Restrict);
        conversation.HasOne(c => c.Contact).WithMany().HasForeignKey(c => c.ContactId).OnDelete(DeleteBehavior.Restrict);
        conversation.HasIndex(c => new { c.ConnectionId, c.Channel, c.ScopedUserId }).IsUnique();

        // The inbox, by status because the list reads each status by itself, and its filters.
        conversation.HasIndex(c => new { c.OrganizationId, c.Status, c.LastMessageAt, c.Id });
        conversation.HasIndex(c => new { c.OrganizationId, c.ConnectionId, c.Status, c.LastMessageAt, c.Id });
        conversation.HasIndex(c => new { c.OrganizationId, c.Channel, c.Status, c.LastMessageAt, c.Id });
        conversation.HasIndex(c => new { c.OrganizationId, c.AssigneeId, c.Status, c.LastMessageAt, c.Id });
        conversation.HasIndex(c => new { c.OrganizationId, c.SnoozedUntil }).HasFilter("status = 'Snoozed'");   // snoozes that have ended
        conversation.HasIndex(c => c.ScopedUserId);
        conversation.HasIndex(c => c.ReceiptsDueAt).HasFilter("receipts_due_at is not null");   // the job that applies postponed receipts
    }
}

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.Property(m => m.ExternalId).IsMetaId();
        message.Property(m => m.ReplyToExternalId).IsMetaId();
        message.Property(m => m.ReplyToStoryId).IsMetaId();
        message.Property(m => m.SenderName).IsText(200);
        message.Property(m => m.Metadata).IsCode(64);
        message.Property(m => m.SendId).IsCode(32);
        message.Property(m => m.TraceParent).IsCode(64);
        message.Property(m => m.PostbackPayload).IsCode();
        message.Property(m => m.QuickReplyPayload).IsCode();
        message.Property(m => m.Referral).IsCode();
        message.Property(m => m.ReplyToStoryUrl).IsCode();
        message.Property(m => m.PostbackTitle).IsText();
        message.Property(m => m.Text).IsText();
        message.Property(m => m.QuickReplies).IsCode().HasConversion(
            new JsonValueConverter<IReadOnlyList<QuickReply>?>(),
            new ValueComparer<IReadOnlyList<QuickReply>?>(
                (a, b) => ReferenceEquals(a, b), replies => replies == null ? 0 : replies.GetHashCode(), replies => replies));
        message.Ignore(m => m.IsPending).Ignore(m => m.IsDeleted).Ignore(m => m.IsAudioOrVideo).Ignore(m => m.IsByHuman)
            .Ignore(m => m.IsOutOfOrder);
        message.HasOne(m => m.Conversation).WithMany().HasForeignKey(m => m.ConversationId);
        message.HasOne<PageConnection>().WithMany().HasForeignKey(m => m.ConnectionId).OnDelete(DeleteBehavior.Restrict);
        message.OwnsOne(m => m.Error, error =>
        {
            error.Property(e => e.Title).IsText(500);
            error.Property(e => e.Detail).IsText(2000);
            error.Property(e => e.FbtraceId).IsCode(64);
        });
        message.HasIndex(m => new { m.ConnectionId, m.ExternalId }).IsUnique()
            .HasFilter("external_id is not null");                                      // Meta repeats deliveries, and the index decides
        message.HasIndex(m => m.SendId).HasFilter("send_id is not null");
        message.HasIndex(m => m.Metadata).IsUnique().HasFilter("metadata is not null");
        message.HasIndex(m => new { m.ConversationId, m.OccurredAt, m.Id });            // the thread
        message.HasIndex(m => new { m.ConversationId, m.Status, m.SentAt }).HasFilter("direction = 'Outbound'");     // receipts
        message.HasIndex(m => new { m.ConversationId, m.Id }).HasFilter("status IN ('Queued', 'Sending')");          // the next one to send
        message.HasIndex(m => new { m.NextAttemptAt, m.ConversationId })
            .HasFilter("status = 'Queued'");                                            // overdue work: messages that wait
        message.HasIndex(m => m.ClaimedUntil).HasFilter("status = 'Sending'");          // overdue work: claims that expired
        message.HasIndex(m => m.EraseDueAt).HasFilter("erase_due_at is not null");
        message.HasIndex(m => new { m.OrganizationId, m.OccurredAt });                  // retention and `rebuild rollups`

        // The failed messages and their filters. With the status among the columns they win over the index above without statistics, too.
        message.HasIndex(m => new { m.OrganizationId, m.Status, m.OccurredAt, m.Id }).HasFilter("status = 'Failed'");
        message.HasIndex(m => new { m.OrganizationId, m.Status, m.ConnectionId, m.OccurredAt, m.Id }).HasFilter("status = 'Failed'");
        message.HasIndex(m => new { m.OrganizationId, m.Status, m.Channel, m.OccurredAt, m.Id }).HasFilter("status = 'Failed'");
    }
}

internal sealed class SendRefusalConfiguration : IEntityTypeConfiguration<SendRefusal>
{
    public void Configure(EntityTypeBuilder<SendRefusal> refusal)
    {
        refusal.HasOne<Message>().WithMany().HasForeignKey(r => r.MessageId);
        refusal.HasIndex(r => new { r.OrganizationId, r.At });
        refusal.HasIndex(r => r.At);   // the job that deletes them
    }
}

internal sealed class MessageAttachmentConfiguration : IEntityTypeConfiguration<MessageAttachment>
{
    public void Configure(EntityTypeBuilder<MessageAttachment> attachment)
    {
        attachment.Property(a => a.Type).IsCode(64);
        attachment.Property(a => a.ContentType).IsCode(100);
        attachment.Property(a => a.FileName).IsText(255);
        attachment.Property(a => a.StorageKey).IsCode(200).IsConcurrencyToken();   // deleting a row deletes the file that it names
        attachment.Property(a => a.ThumbnailKey).IsCode(200);
        attachment.Property(a => a.Problem).IsText(500);
        attachment.Property(a => a.RemoteId).IsMetaId();
        attachment.Property(a => a.MessageId).IsConcurrencyToken();   // only one of two concurrent sends gets the upload
        attachment.Property(a => a.Details).IsCode();
        attachment.Property(a => a.SourceUrl).IsCode();
        attachment.Property(a => a.Title).IsText();
        attachment.HasOne(a => a.Message).WithMany(m => m.Attachments).HasForeignKey(a => a.MessageId).OnDelete(DeleteBehavior.Cascade);
        attachment.HasIndex(a => a.NextAttemptAt).HasFilter("next_attempt_at is not null");
        attachment.HasIndex(a => a.UploadedAt).HasFilter("message_id is null");          // the job that deletes unsent uploads
        attachment.HasIndex(a => new { a.OrganizationId, a.Id }).HasFilter("storage_key is not null");   // retention of files
        attachment.HasIndex(a => a.StorageKey).HasFilter("storage_key is not null");     // the job that deletes files without a row
        attachment.HasIndex(a => a.ThumbnailKey).HasFilter("thumbnail_key is not null");
    }
}

internal sealed class MessageReactionConfiguration : IEntityTypeConfiguration<MessageReaction>
{
    public void Configure(EntityTypeBuilder<MessageReaction> reaction)
    {
        reaction.Property(r => r.Emoji).IsCode(MessageReaction.MaxEmojiLength);
        reaction.HasOne(r => r.Message).WithMany(m => m.Reactions).HasForeignKey(r => r.MessageId);
        reaction.HasIndex(r => new { r.MessageId, r.Actor }).IsUnique();   // one reaction of each side
    }
}

internal sealed class TimelineEntryConfiguration : IEntityTypeConfiguration<TimelineEntry>
{
    public void Configure(EntityTypeBuilder<TimelineEntry> entry)
    {
        entry.Property(e => e.Text).IsText(500);
        entry.Property(e => e.Fingerprint).IsCode(64);
        entry.Property(e => e.Details).IsCode();
        entry.HasOne(e => e.Conversation).WithMany().HasForeignKey(e => e.ConversationId);
        entry.HasIndex(e => new { e.ConversationId, e.Fingerprint }).IsUnique();
        entry.HasIndex(e => new { e.ConversationId, e.OccurredAt });
        entry.HasIndex(e => new { e.OrganizationId, e.OccurredAt });   // retention
    }
}

internal sealed class NoteConfiguration : IEntityTypeConfiguration<Note>
{
    public void Configure(EntityTypeBuilder<Note> note)
    {
        note.Property(n => n.Text).IsText(Note.MaxLength);
        note.HasOne<Conversation>().WithMany().HasForeignKey(n => n.ConversationId);
        note.HasMany(n => n.Mentions).WithOne().HasForeignKey(m => m.NoteId);
        note.HasIndex(n => new { n.ConversationId, n.CreatedAt });
        note.HasIndex(n => new { n.OrganizationId, n.CreatedAt });   // retention
    }
}

internal sealed class MentionConfiguration : IEntityTypeConfiguration<Mention>
{
    public void Configure(EntityTypeBuilder<Mention> mention)
    {
        mention.HasIndex(m => new { m.UserId, m.ConversationId }).HasFilter("read_at is null");
    }
}

internal sealed class ReceiptConfiguration : IEntityTypeConfiguration<Receipt>
{
    public void Configure(EntityTypeBuilder<Receipt> receipt)
    {
        receipt.HasOne(r => r.Conversation).WithMany().HasForeignKey(r => r.ConversationId);
        receipt.HasIndex(r => new { r.ConversationId, r.CoversUpTo });   // the first receipt that covers a message
        receipt.HasIndex(r => r.At);                                     // the job that deletes old receipts
    }
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> key)
    {
        key.Property(k => k.Caller).IsCode(32);
        key.Property(k => k.Key).IsCode(IdempotencyKey.MaxKeyLength);
        key.Property(k => k.RequestHash).IsCode(64);
        key.Property(k => k.SendId).IsCode(32).IsConcurrencyToken();   // only one of two concurrent requests may reuse an expired key
        key.HasIndex(k => new { k.OrganizationId, k.Caller, k.Key }).IsUnique();
        key.HasIndex(k => k.CreatedAt);
    }
}

internal sealed class CannedReplyConfiguration : IEntityTypeConfiguration<CannedReply>
{
    public void Configure(EntityTypeBuilder<CannedReply> reply)
    {
        reply.Property(r => r.Name).IsText(CannedReply.MaxNameLength);
        reply.Property(r => r.Shortcut).IsCode(CannedReply.MaxShortcutLength);
        reply.Property(r => r.Text).IsText(CannedReply.MaxTextLength);
        reply.HasOne<Organization>().WithMany().HasForeignKey(r => r.OrganizationId);
        reply.HasIndex(r => new { r.OrganizationId, r.Shortcut }).IsUnique();
        reply.HasIndex(r => new { r.OrganizationId, r.CreatedAt });
    }
}
