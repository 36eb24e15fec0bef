namespace MetaMessaging.Application.Inbound;

/// <summary>The messages that a batch's events name by mid, and those of ours whose echo may be among the events.</summary>
public sealed class MessageLookup(IAppDbContext db, ConversationLookup conversations) : IScopedService
{
    private readonly Dictionary<(long ConnectionId, string Mid), Message> messages = [];
    private readonly Dictionary<string, Message> sentByMetadata = [];
    private readonly Dictionary<(Conversation, DateTimeOffset At), List<Message>> receivedByTime = [];

    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var connectionIds = conversations.ConnectionIds;
        var mids = events.SelectMany(e => e.NamedMids()).Distinct().ToList();
        var named = await db.Messages
            .Where(m => connectionIds.Contains(m.ConnectionId) && m.ExternalId != null && mids.Contains(m.ExternalId))
            .ToListAsync(cancellationToken);
        foreach (var message in named) Register(message);

        var withoutMid = events.Where(e => e.CouldBeKnownWithoutMid()).ToList();
        if (withoutMid.Count > 0) await LoadReceivedAsync(withoutMid, cancellationToken);

        var echoes = events.Where(e => e.Kind is InboundEventKind.Echo).ToList();
        if (echoes.Count > 0) await LoadSentMessagesAsync(echoes, cancellationToken);
    }

    /// <summary>Reads the reactions and attachments of messages that the events change, and the conversations they belong to.</summary>
    public async Task LoadDetailsAsync(IReadOnlyCollection<InboundEvent> events, ParkedEvents parked, CancellationToken cancellationToken)
    {
        var changedIds = new HashSet<long>();
        var conversationIds = new HashSet<long>();
        foreach (var inbound in events)
        {
            var changesMessage = inbound.Kind is InboundEventKind.Reaction or InboundEventKind.Edit or InboundEventKind.Unsend;
            if (!changesMessage && inbound.Kind is not (InboundEventKind.Read or InboundEventKind.Echo) && parked.IsEmpty) continue;
            if (conversations.FindConnection(inbound) is not { } connection || inbound.Mid is not { } mid) continue;
            if (Find(connection, mid) is not { } message) continue;

            if (changesMessage || parked.Contains(connection, mid)) changedIds.Add(message.Id);

            // Not loaded yet where the event names no customer, or another one than the message's.
            if (message.Conversation is null) conversationIds.Add(message.ConversationId);
        }

        if (conversationIds.Count > 0) await db.Conversations.Where(c => conversationIds.Contains(c.Id)).LoadAsync(cancellationToken);
        if (changedIds.Count == 0) return;

        await db.MessageReactions.Where(r => changedIds.Contains(r.MessageId)).LoadAsync(cancellationToken);
        await db.MessageAttachments.Where(a => changedIds.Contains(a.MessageId!.Value)).LoadAsync(cancellationToken);
    }

    public Message? Find(PageConnection connection, string mid) => messages.GetValueOrDefault((connection.Id, mid));

    /// <summary>The message that the event is or repeats: by its mid, or else by customer, time and content.</summary>
    public Message? Find(PageConnection connection, InboundEvent inbound, MessageContent content)
    {
        if (inbound.Mid is { } mid && Find(connection, mid) is { } named) return named;
        if (conversations.Find(connection, inbound) is not { } conversation) return null;
        return receivedByTime.GetValueOrDefault((conversation, inbound.At))?.Find(m => m.IsDescribedBy(inbound.Mid, content));
    }

    /// <summary>Our message of an echo whose mid is unknown yet: by metadata or, on Instagram, which returns none, by content.</summary>
    public Message? FindByEcho(Conversation conversation, string? metadata, MessageContent content)
    {
        if (metadata is not null && sentByMetadata.TryGetValue(metadata, out var sent))
            return sent.ConversationId == conversation.Id ? sent : null;
        if (conversation.Channel is not Channel.InstagramDm) return null;

        var types = content.Attachments.Select(a => a.Type).ToList();
        return sentByMetadata.Values.FirstOrDefault(m =>
            m.ConversationId == conversation.Id
            && m.Status is MessageStatus.Sending
            && m.ExternalId is null
            && m.CouldBeEchoOf(content.Text, types));
    }

    public void Add(Message message)
    {
        db.Messages.Add(message);
        Register(message);
        if (message.Direction is MessageDirection.Inbound) RegisterTime(message);
    }

    public void Register(Message message)
    {
        if (message.ExternalId is { } mid) messages[(message.ConnectionId, mid)] = message;
    }

    private async Task LoadReceivedAsync(List<InboundEvent> events, CancellationToken cancellationToken)
    {
        var customerIds = events.Select(e => e.CustomerId).ToHashSet();
        var times = events.Select(e => e.At).Distinct().ToList();
        var conversationIds = conversations.Conversations.Where(c => customerIds.Contains(c.ScopedUserId)).Select(c => c.Id).ToList();
        if (conversationIds.Count == 0) return;

        var found = await db.Messages.Include(m => m.Attachments)
            .Where(m => conversationIds.Contains(m.ConversationId) && times.Contains(m.OccurredAt))
            .ToListAsync(cancellationToken);
        found.ForEach(RegisterTime);
    }

    private void RegisterTime(Message message)
    {
        var key = (message.Conversation, message.OccurredAt);
        if (!receivedByTime.TryGetValue(key, out var atThatTime)) receivedByTime.Add(key, atThatTime = []);
        atThatTime.Add(message);
    }

    private async Task LoadSentMessagesAsync(List<InboundEvent> echoes, CancellationToken cancellationToken)
    {
        var metadata = echoes.Select(e => e.Content.Text("metadata")).OfType<string>().Distinct().ToList();
        var instagramIds = conversations.Conversations.Where(c => c.Channel is Channel.InstagramDm).Select(c => c.Id).ToList();
        var found = await db.Messages.Include(m => m.Attachments)
            .Where(m => (m.Metadata != null && metadata.Contains(m.Metadata))
                || (instagramIds.Contains(m.ConversationId)
                    && m.Direction == MessageDirection.Outbound
                    && m.Status == MessageStatus.Sending))
            .ToListAsync(cancellationToken);
        foreach (var message in found) sentByMetadata[message.Metadata!] = message;
    }
}
