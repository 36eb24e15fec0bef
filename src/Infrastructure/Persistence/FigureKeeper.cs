using MetaMessaging.Domain.Figures;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Keeps rollups and counters right (docs/adr/0026): of each entity that a transaction saves, what it counted for before is subtracted and
/// what it counts for now is added. What was before is read again where an entity may have been changed by others since it was loaded.
/// </summary>
internal sealed class FigureKeeper(AppDbContext db)
{
    private readonly List<EntityEntry<Conversation>> conversations = [];
    private readonly List<EntityEntry<Message>> rereadMessages = [];
    private readonly List<EntityEntry<WebhookDelivery>> rereadDeliveries = [];

    /// <summary>The time of the earliest new message of each.</summary>
    private readonly Dictionary<Conversation, DateTimeOffset> newMessages = [];

    private readonly WaitingTimes waits = new(db);

    public bool HasChanges => conversations.Count > 0 || rereadMessages.Count > 0 || rereadDeliveries.Count > 0
        || !db.Figures.IsEmpty || waits.HasRepairs;

    /// <summary>Called for every entry before a save, when changes have been detected.</summary>
    public void Collect(EntityEntry entry)
    {
        switch (entry.Entity)
        {
            case Message message: Collect(entry, message); break;
            case Conversation conversation: Collect(entry, conversation); break;
            case Contact contact when entry.State is EntityState.Added or EntityState.Deleted:
                db.Figures.AddContact(contact.OrganizationId, contact.CreatedAt, entry.State is EntityState.Added ? 1 : -1);
                break;
            case WebhookDelivery delivery: Collect(entry, delivery); break;
        }
    }

    /// <summary>In the transaction, when other writers wait.</summary>
    public async Task ReadBeforeSaveAsync(CancellationToken cancellationToken)
    {
        await CountConversationsAsync(cancellationToken);
        foreach (var entry in rereadMessages)
        {
            // Another transaction may have set what this message answers without a new version.
            var id = entry.Entity.Id;
            var waited = entry.Property(m => m.WaitedSince);
            waited.OriginalValue = await db.Messages.Where(m => m.Id == id).Select(m => m.WaitedSince)
                .SingleOrDefaultAsync(cancellationToken);
            if (entry.State is EntityState.Modified) waited.IsModified = waited.OriginalValue != waited.CurrentValue;
            Replace(entry);
        }

        rereadMessages.Clear();
        foreach (var entry in rereadDeliveries)
        {
            var id = entry.Entity.Id;
            var stored = await db.WebhookDeliveries.Where(d => d.Id == id)
                .Select(d => new { d.OrganizationId, d.State, WasProcessed = d.ProcessedAt != null })
                .SingleOrDefaultAsync(cancellationToken);
            if (stored is not null) db.Figures.AddDelivery(stored.OrganizationId, stored.State, stored.WasProcessed, -1);
        }

        rereadDeliveries.Clear();
    }

    /// <summary>Last in the transaction, because others wait for the rows that are written here.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await waits.RepairAsync(cancellationToken);
        var rows = db.Figures.ToRows();
        if (rows.Count > 0) await db.AddToRowsAsync(rows, cancellationToken);
    }

    public void Clear()
    {
        conversations.Clear();
        rereadMessages.Clear();
        rereadDeliveries.Clear();
        newMessages.Clear();
        waits.Clear();
        db.Figures.Clear();
    }

    private void Collect(EntityEntry entry, Message message)
    {
        switch (entry.State)
        {
            case EntityState.Added:
                db.Figures.Add(MessageFigures.Of(message), 1);
                if (!newMessages.TryGetValue(message.Conversation, out var earliest) || message.OccurredAt < earliest)
                    newMessages[message.Conversation] = message.OccurredAt;
                var isFailedAnswer = message is { Status: MessageStatus.Failed, Direction: MessageDirection.Outbound };
                if (message.IsOutOfOrder || isFailedAnswer) waits.AddRepair(message.Conversation, message.OccurredAt);
                break;
            case EntityState.Modified:
                var status = entry.Property(nameof(Message.Status));
                if (!status.IsModified && !entry.Property(nameof(Message.WaitedSince)).IsModified) break;
                var wasFailed = (MessageStatus)status.OriginalValue! is MessageStatus.Failed;
                if (wasFailed == message.Status is MessageStatus.Failed) Replace(db.Entry(message));
                else CollectAnswer(db.Entry(message));
                break;
            case EntityState.Deleted:
                CollectAnswer(db.Entry(message));
                break;
        }
    }

    /// <summary>A message that becomes an answer, or is one no more.</summary>
    private void CollectAnswer(EntityEntry<Message> entry)
    {
        rereadMessages.Add(entry);
        waits.AddRepair(entry.Entity.OrganizationId, entry.Entity.ConversationId, entry.Entity.OccurredAt);
    }

    private void Replace(EntityEntry<Message> entry)
    {
        var after = MessageFigures.Of(entry.Entity);
        var before = after with
        {
            Status = entry.Property(m => m.Status).OriginalValue,
            WaitedSince = entry.Property(m => m.WaitedSince).OriginalValue,
        };
        db.Figures.Add(before, -1);
        if (entry.State is EntityState.Modified) db.Figures.Add(after, 1);
    }

    private void Collect(EntityEntry entry, Conversation conversation)
    {
        switch (entry.State)
        {
            case EntityState.Added:
                Add(conversation.OrganizationId, new ConversationRow(conversation), 1);
                break;
            case EntityState.Modified or EntityState.Deleted:
                conversations.Add(db.Entry(conversation));
                break;
        }
    }

    private void Collect(EntityEntry entry, WebhookDelivery delivery)
    {
        if (entry.State is EntityState.Unchanged) return;
        if (entry.State is not EntityState.Deleted)
            db.Figures.AddDelivery(delivery.OrganizationId, delivery.State, delivery.ProcessedAt is not null, 1);
        if (entry.State is EntityState.Added) return;

        // Only the inbound worker changes a pending delivery; others may be changed by several requests at once.
        if (entry.Property(nameof(WebhookDelivery.State)).OriginalValue is not WebhookDeliveryState.Pending)
        {
            rereadDeliveries.Add(db.Entry(delivery));
            return;
        }

        var organizationId = (long?)entry.Property(nameof(WebhookDelivery.OrganizationId)).OriginalValue;
        var processedAt = entry.Property(nameof(WebhookDelivery.ProcessedAt)).OriginalValue;
        db.Figures.AddDelivery(organizationId, WebhookDeliveryState.Pending, processedAt is not null, -1);
    }

    /// <summary>A conversation has several writers, each of its own columns, so what is tracked may be old. What the rows hold now is the
    /// state before the save; with the columns that the save writes it is the state after it.</summary>
    private async Task CountConversationsAsync(CancellationToken cancellationToken)
    {
        conversations.RemoveAll(entry => !newMessages.ContainsKey(entry.Entity) && !IsCounted(entry));
        if (conversations.Count > 0)
        {
            var ids = conversations.ConvertAll(entry => entry.Entity.Id);
            await db.LockConversationsAsync(ids, cancellationToken);
            var rows = await db.Conversations.Where(c => ids.Contains(c.Id)).Select(ConversationRow.Selector)
                .ToDictionaryAsync(row => row.Id, cancellationToken);
            foreach (var entry in conversations)
            {
                if (rows.TryGetValue(entry.Entity.Id, out var row)) Count(entry, row);
            }
        }

        conversations.Clear();
        newMessages.Clear();
    }

    private void Count(EntityEntry<Conversation> entry, ConversationRow before)
    {
        Add(entry.Entity.OrganizationId, before, -1);
        if (entry.State is not EntityState.Deleted) Add(entry.Entity.OrganizationId, before.With(entry), 1);

        // Somebody else has answered, or the customer has written, since the conversation was loaded.
        var isOutdated = entry.Property(c => c.WaitingSince).OriginalValue != before.WaitingSince;
        if (isOutdated && newMessages.TryGetValue(entry.Entity, out var earliest)) waits.AddRepair(entry.Entity, earliest);
    }

    private void Add(long organizationId, ConversationRow row, int sign)
    {
        if (row.Status is ConversationStatus.Open) db.Figures.Add(organizationId, CounterName.OpenConversations, sign);
        if (row.IsUnread) db.Figures.Add(organizationId, CounterName.UnreadConversations, sign);
    }

    private static bool IsCounted(EntityEntry<Conversation> entry) => entry.State is EntityState.Deleted
        || entry.Property(c => c.Status).IsModified || entry.Property(c => c.InboundCount).IsModified
        || entry.Property(c => c.SeenCount).IsModified || entry.Property(c => c.WithdrawnCount).IsModified
        || entry.Property(c => c.WithdrawnAfter).IsModified;
}
