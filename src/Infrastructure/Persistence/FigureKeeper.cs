using MetaMessaging.Domain.Figures;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Keeps rollups and counters right (docs/adr/0026): of each entity that a transaction saves, what it counted for before is subtracted and
/// what it counts for now is added. What was before is read again where an entity may have been changed by others since it was loaded.
/// </summary>
internal sealed class FigureKeeper(AppDbContext db)
{
    private static readonly List<string> CountedProperties =
    [
        nameof(Conversation.Status), nameof(Conversation.InboundCount), nameof(Conversation.SeenCount),
        nameof(Conversation.WithdrawnCount), nameof(Conversation.WithdrawnAfter),
    ];

    private readonly List<(EntityEntry Entry, Conversation Entity)> conversations = [];
    private readonly List<(EntityEntry Entry, Message Entity)> rereadMessages = [];
    private readonly List<WebhookDelivery> rereadDeliveries = [];

    /// <summary>The time of the earliest new message of each.</summary>
    private readonly Dictionary<Conversation, DateTimeOffset> newMessages = [];

    private readonly WaitingTimes waits = new(db);

    public bool HasChanges => conversations.Count > 0 || rereadMessages.Count > 0 || rereadDeliveries.Count > 0
        || !db.Figures.IsEmpty || waits.HasRepairs;

    /// <summary>The repairs are made after the save, for conversations that may be new.</summary>
    public bool NeedsNewIds => waits.HasRepairs;

    /// <summary>Called for every entry before a save, when changes have been detected. Properties are named: an expression would be built
    /// for each entity, and <see cref="DbContext.Entry(object)"/> would compare all its values again.</summary>
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
        foreach (var (entry, message) in rereadMessages)
        {
            // Another transaction may have set what this message answers without a new version.
            var id = message.Id;
            var stored = await db.Messages.Where(m => m.Id == id).Select(m => m.WaitedSince).SingleOrDefaultAsync(cancellationToken);
            var waited = entry.Property(nameof(Message.WaitedSince));
            waited.OriginalValue = stored;
            if (entry.State is EntityState.Modified) waited.IsModified = stored != message.WaitedSince;
            Replace(entry, message);
        }

        rereadMessages.Clear();
        foreach (var delivery in rereadDeliveries)
        {
            var id = delivery.Id;
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
                if (wasFailed == message.Status is MessageStatus.Failed) Replace(entry, message);
                else CollectAnswer(entry, message);
                break;
            case EntityState.Deleted:
                CollectAnswer(entry, message);
                break;
        }
    }

    /// <summary>A message that becomes an answer, or is one no more.</summary>
    private void CollectAnswer(EntityEntry entry, Message message)
    {
        rereadMessages.Add((entry, message));
        waits.AddRepair(message.OrganizationId, message.ConversationId, message.OccurredAt);
    }

    private void Replace(EntityEntry entry, Message message)
    {
        var after = MessageFigures.Of(message);
        var before = after with
        {
            Status = (MessageStatus)entry.Property(nameof(Message.Status)).OriginalValue!,
            WaitedSince = (DateTimeOffset?)entry.Property(nameof(Message.WaitedSince)).OriginalValue,
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
                conversations.Add((entry, conversation));
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
            rereadDeliveries.Add(delivery);
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
        conversations.RemoveAll(c => !newMessages.ContainsKey(c.Entity) && !IsCounted(c.Entry));
        if (conversations.Count > 0)
        {
            var ids = conversations.ConvertAll(c => c.Entity.Id);
            await db.LockConversationsAsync(ids, cancellationToken);
            var rows = await db.Conversations.Where(c => ids.Contains(c.Id)).Select(ConversationRow.Selector)
                .ToDictionaryAsync(row => row.Id, cancellationToken);
            foreach (var (entry, conversation) in conversations)
            {
                if (rows.TryGetValue(conversation.Id, out var row)) Count(entry, conversation, row);
            }
        }

        conversations.Clear();
        newMessages.Clear();
    }

    private void Count(EntityEntry entry, Conversation conversation, ConversationRow before)
    {
        var loadedCount = (int)entry.Property(nameof(Conversation.InboundCount)).OriginalValue!;
        if (conversation.InboundCount != loadedCount && before.InboundCount != loadedCount)
            throw new DbUpdateConcurrencyException("Another node has received a message of the same conversation.");
        Add(conversation.OrganizationId, before, -1);
        if (entry.State is not EntityState.Deleted) Add(conversation.OrganizationId, before.With(entry), 1);

        // Somebody else has answered, or the customer has written, since the conversation was loaded.
        var isOutdated = (DateTimeOffset?)entry.Property(nameof(Conversation.WaitingSince)).OriginalValue != before.WaitingSince;
        if (isOutdated && newMessages.TryGetValue(conversation, out var earliest)) waits.AddRepair(conversation, earliest);
    }

    private void Add(long organizationId, ConversationRow row, int sign)
    {
        if (row.Status is ConversationStatus.Open) db.Figures.Add(organizationId, CounterName.OpenConversations, sign);
        if (row.IsUnread) db.Figures.Add(organizationId, CounterName.UnreadConversations, sign);
    }

    private static bool IsCounted(EntityEntry entry) =>
        entry.State is EntityState.Deleted || CountedProperties.Exists(name => entry.Property(name).IsModified);
}
