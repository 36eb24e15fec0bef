namespace MetaMessaging.Application.Inbound;

/// <summary>The connections, conversations and contacts of a batch's events. A customer who is not known yet gets a new contact.</summary>
public sealed class ConversationLookup(IAppDbContext db) : IScopedService
{
    private readonly Dictionary<(Channel, string AccountId), PageConnection> connections = [];
    private readonly Dictionary<(long ConnectionId, Channel, string CustomerId), Conversation> conversations = [];
    private readonly Dictionary<(long OrganizationId, Channel, string AccountId, string CustomerId), Contact> contacts = [];

    public IReadOnlyList<long> ConnectionIds { get; private set; } = [];

    public bool HasParkedEvents { get; private set; }

    public IReadOnlyCollection<Conversation> Conversations => conversations.Values;

    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        await LoadConnectionsAsync(events, cancellationToken);
        if (ConnectionIds.Count == 0) return;

        await LoadConversationsAsync(events, cancellationToken);
        await LoadContactsAsync(events, cancellationToken);
    }

    public PageConnection? FindConnection(InboundEvent inbound) => connections.GetValueOrDefault((inbound.Channel, inbound.AccountId));

    public Conversation? Find(PageConnection connection, InboundEvent inbound) => inbound.CustomerId is { } customerId
        ? conversations.GetValueOrDefault((connection.Id, inbound.Channel, customerId))
        : null;

    public Conversation FindOrCreate(PageConnection connection, InboundEvent inbound, DateTimeOffset now)
    {
        var customerId = inbound.CustomerId!;
        if (conversations.TryGetValue((connection.Id, inbound.Channel, customerId), out var known)) return known;

        var contact = FindOrCreateContact(connection.OrganizationId, inbound, customerId, now);
        var conversation = new Conversation(connection, inbound.Channel, contact, customerId, inbound.At);
        db.Conversations.Add(conversation);
        conversations.Add((connection.Id, inbound.Channel, customerId), conversation);
        return conversation;
    }

    private Contact FindOrCreateContact(long organizationId, InboundEvent inbound, string customerId, DateTimeOffset now)
    {
        var key = (organizationId, inbound.Channel, inbound.AccountId, customerId);
        if (contacts.TryGetValue(key, out var known)) return known;

        var contact = inbound.Channel is Channel.FacebookMessenger
            ? Contact.FromFacebook(organizationId, inbound.AccountId, customerId, now)
            : Contact.FromInstagram(organizationId, inbound.AccountId, customerId, now);
        db.Contacts.Add(contact);
        contacts.Add(key, contact);
        return contact;
    }

    private async Task LoadConnectionsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var accountIds = events.Select(e => e.AccountId).Where(id => id.Length > 0).Distinct().ToList();
        var found = await db.Connections
            .Where(c => c.State != ConnectionState.Disconnected && (accountIds.Contains(c.PageId) || accountIds.Contains(c.IgAccountId!)))
            .OrderBy(c => c.ConnectedAt)
            .Select(c => new { Connection = c, HasParked = db.ParkedEvents.Any(p => p.ConnectionId == c.Id) })
            .ToListAsync(cancellationToken);
        foreach (var connection in found.Select(f => f.Connection))
        {
            connections[(Channel.FacebookMessenger, connection.PageId)] = connection;
            if (connection.IgAccountId is { } igAccountId) connections[(Channel.InstagramDm, igAccountId)] = connection;
        }

        HasParkedEvents = found.Exists(f => f.HasParked);
        ConnectionIds = [.. connections.Values.Select(c => c.Id).Distinct()];
    }

    private async Task LoadConversationsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var connectionIds = ConnectionIds;
        var customerIds = events.Select(e => e.CustomerId).OfType<string>().Distinct().ToList();
        var found = await db.Conversations
            .Where(c => connectionIds.Contains(c.ConnectionId) && customerIds.Contains(c.ScopedUserId))
            .ToListAsync(cancellationToken);
        foreach (var conversation in found)
            conversations[(conversation.ConnectionId, conversation.Channel, conversation.ScopedUserId)] = conversation;
    }

    /// <summary>A customer without a conversation here may be known from an earlier connection of the same Page.</summary>
    private async Task LoadContactsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var customerIds = events
            .Where(e => e.CustomerId is not null && FindConnection(e) is { } connection && Find(connection, e) is null)
            .Select(e => e.CustomerId!).Distinct().ToList();
        if (customerIds.Count == 0) return;

        var onFacebook = await db.FacebookIdentities
            .Where(i => customerIds.Contains(i.Psid)).Select(i => i.ContactId).ToListAsync(cancellationToken);
        var onInstagram = await db.InstagramIdentities
            .Where(i => customerIds.Contains(i.Igsid)).Select(i => i.ContactId).ToListAsync(cancellationToken);
        var contactIds = onFacebook.Union(onInstagram).ToList();
        if (contactIds.Count == 0) return;

        var found = await db.Contacts
            .Include(c => c.Facebook).Include(c => c.Instagram)
            .Where(c => contactIds.Contains(c.Id))
            .ToListAsync(cancellationToken);
        foreach (var contact in found)
        {
            foreach (var identity in contact.Facebook)
                contacts[(contact.OrganizationId, Channel.FacebookMessenger, identity.PageId, identity.Psid)] = contact;
            foreach (var identity in contact.Instagram)
                contacts[(contact.OrganizationId, Channel.InstagramDm, identity.IgAccountId, identity.Igsid)] = contact;
        }
    }
}
