using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// The rows that a batch of events touches, read once for all of them. Slices look things up here and add what they
/// create; the pump saves once at the end.
/// </summary>
public sealed class InboundBatch(IAppDbContext db, ILoadShedding load, TimeProvider clock)
{
    private readonly Dictionary<(Channel, string AccountId), PageConnection> connections = [];
    private readonly Dictionary<(long ConnectionId, Channel, string CustomerId), Conversation> conversations = [];
    private readonly Dictionary<(long ConnectionId, string Mid), Message> messages = [];
    private readonly Dictionary<string, Message> sentByUs = [];
    private readonly Dictionary<(long OrganizationId, Channel, string AccountId, string CustomerId), Contact> contacts = [];
    private readonly Dictionary<(long ConnectionId, string Mid), List<ParkedEvent>> parked = [];
    private readonly HashSet<(Conversation, string Fingerprint)> timeline = [];
    private readonly HashSet<(Conversation, ReceiptKind, DateTimeOffset CoversUpTo, DateTimeOffset At)> receipts = [];
    private readonly HashSet<Conversation> withNewReceipts = [];
    private readonly List<Receipt> lateReceipts = [];
    private readonly HashSet<Conversation> withNewEnds = [];
    private readonly HashSet<(long ConnectionId, string Mid)> repliesToLink = [];
    private bool mayHoldParked;

    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        await LoadConnectionsAsync(events, cancellationToken);
        if (connections.Count == 0) return;

        await LoadConversationsAsync(events, cancellationToken);
        await LoadContactsAsync(events, cancellationToken);
        await LoadMessagesAsync(events, cancellationToken);
        if (mayHoldParked) await LoadParkedAsync(events, cancellationToken);
        await LoadWhatChangesAsync(events, cancellationToken);
        await LoadTimelineAsync(events, cancellationToken);
        await LoadReceiptsAsync(events, cancellationToken);
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
    public Message? FindMessageOfEcho(Conversation conversation, string? metadata, MessageContent content)
    {
        if (metadata is not null && sentByUs.TryGetValue(metadata, out var named)) return named.ConversationId == conversation.Id ? named : null;
        if (conversation.Channel is not Channel.InstagramDm) return null;

        var kinds = content.Attachments.Select(a => a.Type).ToList();
        return sentByUs.Values.FirstOrDefault(m =>
            m.ConversationId == conversation.Id && m.Status is MessageStatus.Sending && m.ExternalId is null && m.CouldBeEchoOf(content.Text, kinds));
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

    /// <summary>Its message is not there: the event waits, and goes through its slice when that comes.</summary>
    /// <param name="mid">The message it waits for, or <see cref="ConversationKey"/>.</param>
    /// <param name="body">In place of the event's own, where only a part of it waits.</param>
    public EventOutcome Park(PageConnection connection, InboundEvent inbound, string mid, string? body = null)
    {
        Park(connection, inbound, inbound.Kind, mid, body ?? inbound.Body.GetRawText());
        return EventOutcome.Parked("It came before its message and waits for it.");
    }

    /// <summary>A receipt that comes before its whole conversation.</summary>
    public EventOutcome ParkUntilBegun(PageConnection connection, InboundEvent inbound) => ConversationKey(inbound) is { Length: <= MetaId.MaxLength } key
        ? Park(connection, inbound, key)
        : EventOutcome.Ignored("The receipt names no customer.");

    /// <summary>What waited for the event's message or conversation, now that it is there. It is up to the caller to process it.</summary>
    public IReadOnlyList<ParkedEvent> TakeParked(PageConnection connection, InboundEvent inbound)
    {
        if (parked.Count == 0) return [];

        var taken = new List<ParkedEvent>();
        if (inbound.MessageKey() is { } mid && Message(connection, mid) is not null) Take(mid);
        if (ConversationKey(inbound) is { } key && Conversation(connection, inbound) is not null) Take(key);
        db.ParkedEvents.RemoveRange(taken);
        return taken;

        void Take(string waitedFor)
        {
            if (parked.Remove((connection.Id, waitedFor), out var waiting)) taken.AddRange(waiting);
        }
    }

    /// <summary>Links a new message to the one it answers, now or as soon as that is known.</summary>
    public void LinkReply(PageConnection connection, InboundEvent inbound, Message reply)
    {
        if (reply.ReplyToExternalId is not { } answered || reply.ExternalId is not { } mid || answered == mid) return;

        if (Message(connection, answered) is { } target)
        {
            if (target.Id > 0) reply.LinkReplyTarget(target);
            else LinkReplyAfterSave(connection, mid);
            return;
        }

        Park(connection, inbound, InboundEventKind.Reply, answered, $$$"""{"reply":{"mid":{{{JsonSerializer.Serialize(mid)}}}}}""");
    }

    /// <summary>New messages have no id before the save, and a reply may be too old to be at hand.</summary>
    public void LinkReplyAfterSave(PageConnection connection, string replyMid) => repliesToLink.Add((connection.Id, replyMid));

    /// <returns>Null when this very event is in the conversation already.</returns>
    public TimelineEntry? AddEntry(Conversation conversation, InboundEvent inbound, TimelineEntryKind kind, string text)
    {
        var fingerprint = inbound.Fingerprint();
        if (!timeline.Add((conversation, fingerprint))) return null;

        var entry = new TimelineEntry(conversation, kind, text.Length > 500 ? text[..499] + "…" : text, inbound.Content.GetRawText(), fingerprint, inbound.At);
        db.TimelineEntries.Add(entry);
        conversation.RecordTimelineEntry(inbound.At);
        return entry;
    }

    public void Add(Receipt receipt)
    {
        if (!receipts.Add((receipt.Conversation, receipt.Kind, receipt.CoversUpTo, receipt.At))) return;

        db.Receipts.Add(receipt);
        var upTo = receipt.CoversUpTo - Watermark.Allowance;
        var isNews = receipt.Kind is ReceiptKind.Read ? receipt.Conversation.AdvanceReadUpTo(upTo) : receipt.Conversation.AdvanceDeliveredUpTo(upTo);
        if (isNews) ApplyReceiptsOf(receipt.Conversation);
        else lateReceipts.Add(receipt);
    }

    /// <summary>Receipts are applied set-wise, after the batch's own rows are saved; when there is too much to do, later.</summary>
    public void ApplyReceiptsOf(Conversation conversation)
    {
        if (load.Level >= LoadLevel.NoReceipts) conversation.PostponeReceipts(clock.GetUtcNow());
        else withNewReceipts.Add(conversation);
    }

    /// <summary>Its last message changed, or shares its time with another: what the list shows of it is read again after the save.</summary>
    public void RefreshEndOf(Conversation conversation) => withNewEnds.Add(conversation);

    /// <summary>What is done set-wise, after the rows are saved and in the same transaction.</summary>
    public async Task AfterSaveAsync(CancellationToken cancellationToken)
    {
        foreach (var conversation in withNewReceipts)
            await db.ApplyReceiptsAsync(conversation.Id, conversation.DeliveredUpTo, conversation.ReadUpTo, cancellationToken);
        foreach (var late in lateReceipts) await db.CorrectTimesAsync(late, cancellationToken);

        if (repliesToLink.Count > 0) await LinkRepliesAsync(cancellationToken);
        foreach (var conversation in withNewEnds) await RefreshEndAsync(conversation, cancellationToken);
    }

    /// <summary>In place of a mid, for what waits for a conversation to begin.</summary>
    private static string? ConversationKey(InboundEvent inbound) => inbound.CustomerId is { } customer ? $"{inbound.Channel}:{customer}" : null;

    private void Park(PageConnection connection, InboundEvent inbound, InboundEventKind kind, string mid, string body)
    {
        var fingerprint = InboundContent.Fingerprint(Encoding.UTF8.GetBytes(body));
        if (!parked.TryGetValue((connection.Id, mid), out var waiting)) parked.Add((connection.Id, mid), waiting = []);
        if (waiting.Exists(p => p.Fingerprint == fingerprint)) return;

        var one = new ParkedEvent(connection, inbound.Channel, mid, inbound.CustomerId, kind.ToString(), body, fingerprint, inbound.At, clock.GetUtcNow());
        db.ParkedEvents.Add(one);
        waiting.Add(one);
    }

    private async Task LinkRepliesAsync(CancellationToken cancellationToken)
    {
        var connectionIds = repliesToLink.Select(r => r.ConnectionId).Distinct().ToList();
        var mids = repliesToLink.Select(r => r.Mid).ToList();
        await db.Messages
            .Where(m => connectionIds.Contains(m.ConnectionId) && m.ExternalId != null && mids.Contains(m.ExternalId) && m.ReplyToMessageId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(
                m => m.ReplyToMessageId,
                m => db.Messages.Where(t => t.ConnectionId == m.ConnectionId && t.ExternalId == m.ReplyToExternalId).Select(t => (long?)t.Id).FirstOrDefault()),
                cancellationToken);
    }

    /// <summary>Of two messages at the same time the one with the greater mid is the last, whichever came first.</summary>
    private async Task RefreshEndAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var at = conversation.LastMessageAt;
        var candidates = await db.Messages.AsNoTracking().Include(m => m.Attachments)
            .Where(m => m.ConversationId == conversation.Id && m.OccurredAt == at)
            .ToListAsync(cancellationToken);
        if (candidates.Count == 0) return;

        candidates.Sort((a, b) => string.CompareOrdinal(a.ExternalId, b.ExternalId));
        var (preview, direction) = (MessagePreview.Of(candidates[^1]), candidates[^1].Direction);
        await db.Conversations.Where(c => c.Id == conversation.Id && c.LastMessageAt == at)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.LastMessagePreview, preview).SetProperty(c => c.LastMessageDirection, direction), cancellationToken);
    }

    private async Task LoadConnectionsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var accounts = events.Select(e => e.AccountId).Where(id => id.Length > 0).Distinct().ToList();
        var found = await db.Connections
            .Where(c => c.State != ConnectionState.Disconnected && (accounts.Contains(c.PageId) || accounts.Contains(c.IgAccountId!)))
            .OrderBy(c => c.ConnectedAt)
            .Select(c => new { Connection = c, HasParked = db.ParkedEvents.Any(p => p.ConnectionId == c.Id) })
            .ToListAsync(cancellationToken);
        foreach (var (connection, hasParked) in found.Select(f => (f.Connection, f.HasParked)))
        {
            mayHoldParked |= hasParked;
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
        var unproven = await db.Messages.Include(m => m.Attachments)
            .Where(m => (m.Metadata != null && metadata.Contains(m.Metadata))
                || (conversationIds.Contains(m.ConversationId) && m.Direction == MessageDirection.Outbound && m.Status == MessageStatus.Sending))
            .ToListAsync(cancellationToken);
        foreach (var message in unproven) sentByUs[message.Metadata!] = message;
    }

    /// <summary>Asked only where something waits: most batches hold nothing that anything waited for.</summary>
    private async Task LoadParkedAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var connectionIds = connections.Values.Select(c => c.Id).Distinct().ToList();
        var keys = events.SelectMany(e => e.NamedMids()).ToHashSet();
        foreach (var inbound in events)
        {
            if (ConversationKey(inbound) is { } key && Connection(inbound) is { } connection && Conversation(connection, inbound) is null) keys.Add(key);
        }

        var found = await db.ParkedEvents
            .Where(p => connectionIds.Contains(p.ConnectionId) && keys.Contains(p.Mid))
            .OrderBy(p => p.Id)
            .ToListAsync(cancellationToken);
        foreach (var waiting in found.GroupBy(p => (p.ConnectionId, p.Mid))) parked.Add(waiting.Key, [.. waiting]);
    }

    /// <summary>What hangs on messages that the batch changes, and the conversations they stand in.</summary>
    private async Task LoadWhatChangesAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var changed = new HashSet<Message>();
        var homeless = new HashSet<long>();
        foreach (var inbound in events)
        {
            var changes = inbound.Kind is InboundEventKind.Reaction or InboundEventKind.Edit or InboundEventKind.Unsend;
            if (!changes && inbound.Kind is not (InboundEventKind.Read or InboundEventKind.Echo) && parked.Count == 0) continue;
            if (Connection(inbound) is not { } connection || inbound.MessageKey() is not { } mid || Message(connection, mid) is not { } message) continue;
            if (changes || parked.ContainsKey((connection.Id, mid))) changed.Add(message);
            if (message.Conversation is null) homeless.Add(message.ConversationId);   // the event names nobody, or somebody else
        }

        if (homeless.Count > 0) await db.Conversations.Where(c => homeless.Contains(c.Id)).LoadAsync(cancellationToken);

        if (changed.Count == 0) return;

        var ids = changed.Select(m => m.Id).ToList();
        await db.MessageReactions.Where(r => ids.Contains(r.MessageId)).LoadAsync(cancellationToken);
        await db.MessageAttachments.Where(a => ids.Contains(a.MessageId!.Value)).LoadAsync(cancellationToken);
    }

    private async Task LoadTimelineAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var fingerprints = events.Where(e => e.IsTimeline && e.IgnoreReason is null).Select(e => e.Fingerprint()).ToList();
        if (fingerprints.Count == 0) return;

        var known = conversations.Values.ToDictionary(c => c.Id);
        var conversationIds = known.Keys.ToList();
        var found = await db.TimelineEntries
            .Where(t => conversationIds.Contains(t.ConversationId) && fingerprints.Contains(t.Fingerprint))
            .Select(t => new { t.ConversationId, t.Fingerprint })
            .ToListAsync(cancellationToken);
        foreach (var entry in found) timeline.Add((known[entry.ConversationId], entry.Fingerprint));
    }

    /// <summary>Those that are repeated here are among these; one that is missed is applied again, which changes nothing.</summary>
    private async Task LoadReceiptsAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var times = events.Where(e => e.Kind is InboundEventKind.Delivery or InboundEventKind.Read)
            .Select(e => e.Mid is null ? e.Content.Time("watermark") : e.At).OfType<DateTimeOffset>().Order().ToList();
        if (times.Count == 0) return;

        var (from, upTo) = (times[0], times[^1]);
        var known = conversations.Values.ToDictionary(c => c.Id);
        var conversationIds = known.Keys.ToList();
        var found = await db.Receipts.AsNoTracking()
            .Where(r => conversationIds.Contains(r.ConversationId) && r.At >= from && r.At <= upTo)
            .ToListAsync(cancellationToken);
        foreach (var receipt in found) receipts.Add((known[receipt.ConversationId], receipt.Kind, receipt.CoversUpTo, receipt.At));
    }
}
