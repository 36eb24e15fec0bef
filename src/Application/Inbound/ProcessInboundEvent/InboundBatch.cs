using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// The rows that a batch of events touches, read once for all of them. Slices look things up here and add what they
/// create; the pump saves once at the end.
/// </summary>
public sealed class InboundBatch(IAppDbContext db)
{
    private readonly Dictionary<(Channel, string AccountId), PageConnection> connections = [];
    private readonly Dictionary<(long ConnectionId, Channel, string CustomerId), Conversation> conversations = [];
    private readonly Dictionary<(long ConnectionId, string Mid), Message> messages = [];
    private readonly Dictionary<string, Message> sentByUs = [];
    private readonly Dictionary<(long OrganizationId, Channel, string AccountId, string CustomerId), Contact> contacts = [];
    private readonly HashSet<Conversation> withNewReceipts = [];

    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        await LoadConnectionsAsync(events, cancellationToken);
        if (connections.Count == 0) return;

        await LoadConversationsAsync(events, cancellationToken);
        await LoadContactsAsync(events, cancellationToken);
        await LoadMessagesAsync(events, cancellationToken);
    }

    public PageConnection? Connection(InboundEvent inbound) => connections.GetValueOrDefault((inbound.Channel, inbound.AccountId));

    public Conversation? Conversation(PageConnection connection, InboundEvent inbound) =>
        inbound.CustomerId is { } customer ? conversations.GetValueOrDefault((connection.Id, inbound.Channel, customer)) : null;

    /// <summary>Unknown customers become contacts: a message is never lost for want of a name.</summary>
    public Conversation ConversationOrNew(PageConnection connection, InboundEvent inbound, DateTimeOffset now)
    {
        var customerId = inbound.CustomerId!;
        if (conversations.TryGetValue((connection.Id, inbound.Channel, customerId), out var known)) return known;

        var contactKey = (connection.OrganizationId, inbound.Channel, inbound.AccountId, customerId);
        if (!contacts.TryGetValue(contactKey, out var contact))
        {
            contact = inbound.Channel is Channel.FacebookMessenger
                ? Contact.FromFacebook(connection.OrganizationId, inbound.AccountId, customerId, now)
                : Contact.FromInstagram(connection.OrganizationId, inbound.AccountId, customerId, now);
            db.Contacts.Add(contact);
            contacts.Add(contactKey, contact);
        }

        var conversation = new Conversation(connection, inbound.Channel, contact, customerId, inbound.At);
        db.Conversations.Add(conversation);
        conversations.Add((connection.Id, inbound.Channel, customerId), conversation);
        return conversation;
    }

    public Message? Message(PageConnection connection, string mid) => messages.GetValueOrDefault((connection.Id, mid));

    /// <summary>The message of ours that an echo is the proof of, when Meta's id for it is not known yet.</summary>
    /// <param name="metadata">What came back with the echo; Instagram's carry none.</param>
    public Message? AwaitingProof(Conversation conversation, string? metadata, string? text)
    {
        if (metadata is not null && sentByUs.TryGetValue(metadata, out var named)) return named.ConversationId == conversation.Id ? named : null;
        if (conversation.Channel is not Channel.InstagramDm) return null;

        return sentByUs.Values.FirstOrDefault(m =>
            m.ConversationId == conversation.Id && m.Status is MessageStatus.Sending && m.ExternalId is null
            && string.Equals(m.Text?.Trim(), text?.Trim(), StringComparison.Ordinal));
    }

    public void Add(Message message)
    {
        db.Messages.Add(message);
        Know(message);
    }

    public void Know(Message message)
    {
        if (message.ExternalId is { } mid) messages[(message.ConnectionId, mid)] = message;
    }

    /// <summary>Receipts are applied set-wise, after the batch's own rows are saved.</summary>
    public void ApplyReceiptsOf(Conversation conversation) => withNewReceipts.Add(conversation);

    public async Task ApplyReceiptsAsync(CancellationToken cancellationToken)
    {
        foreach (var conversation in withNewReceipts)
            await db.ApplyReceiptsAsync(conversation.Id, conversation.DeliveredUpTo, conversation.ReadUpTo, cancellationToken);
    }

    private async Task LoadConnectionsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var accounts = events.Select(e => e.AccountId).Where(id => id.Length > 0).Distinct().ToList();
        var found = await db.Connections
            .Where(c => c.State != ConnectionState.Disconnected && (accounts.Contains(c.PageId) || accounts.Contains(c.IgAccountId!)))
            .OrderBy(c => c.ConnectedAt)
            .ToListAsync(cancellationToken);
        foreach (var connection in found)
        {
            connections[(Channel.FacebookMessenger, connection.PageId)] = connection;
            if (connection.IgAccountId is { } ig) connections[(Channel.InstagramDm, ig)] = connection;
        }
    }

    private async Task LoadConversationsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var connectionIds = connections.Values.Select(c => c.Id).Distinct().ToList();
        var customers = events.Select(e => e.CustomerId).OfType<string>().Distinct().ToList();
        var found = await db.Conversations
            .Where(c => connectionIds.Contains(c.ConnectionId) && customers.Contains(c.ScopedUserId))
            .ToListAsync(cancellationToken);
        foreach (var conversation in found)
            conversations[(conversation.ConnectionId, conversation.Channel, conversation.ScopedUserId)] = conversation;
    }

    /// <summary>People without a conversation here may be known all the same: from an earlier connection of the same Page.</summary>
    private async Task LoadContactsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var strangers = events.Where(e => e.CustomerId is not null && Connection(e) is { } c && Conversation(c, e) is null).ToList();
        if (strangers.Count == 0) return;

        var ids = strangers.Select(e => e.CustomerId!).Distinct().ToList();
        var onFacebook = await db.FacebookIdentities.Where(i => ids.Contains(i.Psid)).Select(i => i.ContactId).ToListAsync(cancellationToken);
        var onInstagram = await db.InstagramIdentities.Where(i => ids.Contains(i.Igsid)).Select(i => i.ContactId).ToListAsync(cancellationToken);
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

    private async Task LoadMessagesAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var connectionIds = connections.Values.Select(c => c.Id).Distinct().ToList();
        var mids = events.SelectMany(e => e.NamedMids()).Distinct().ToList();
        var known = await db.Messages
            .Where(m => connectionIds.Contains(m.ConnectionId) && m.ExternalId != null && mids.Contains(m.ExternalId))
            .ToListAsync(cancellationToken);
        foreach (var message in known) Know(message);

        var echoes = events.Where(e => e.Kind is InboundEventKind.Echo).ToList();
        if (echoes.Count == 0) return;

        var metadata = echoes.Select(e => e.Content.Text("metadata")).OfType<string>().Distinct().ToList();
        var conversationIds = conversations.Values.Where(c => c.Channel is Channel.InstagramDm).Select(c => c.Id).ToList();
        var unproven = await db.Messages
            .Where(m => (m.Metadata != null && metadata.Contains(m.Metadata))
                || (conversationIds.Contains(m.ConversationId) && m.Status == MessageStatus.Sending))
            .ToListAsync(cancellationToken);
        foreach (var message in unproven) sentByUs[message.Metadata!] = message;
    }
}
