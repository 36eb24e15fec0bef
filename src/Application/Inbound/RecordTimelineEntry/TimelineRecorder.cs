namespace MetaMessaging.Application.Inbound;

/// <summary>Adds timeline entries, each once: such events have no id, so a repeated one is recognized by the hash of its body.</summary>
public sealed class TimelineRecorder(IAppDbContext db, ConversationLookup conversations) : IScopedService
{
    private const int MaxTextLength = 500;

    private readonly HashSet<(Conversation, string Fingerprint)> known = [];

    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var fingerprints = events.Where(e => e.IsTimeline && e.IgnoreReason is null).Select(e => e.Fingerprint()).ToList();
        if (fingerprints.Count == 0) return;

        var byId = conversations.Conversations.ToDictionary(c => c.Id);
        var conversationIds = byId.Keys.ToList();
        var found = await db.TimelineEntries
            .Where(t => conversationIds.Contains(t.ConversationId) && fingerprints.Contains(t.Fingerprint))
            .Select(t => new { t.ConversationId, t.Fingerprint })
            .ToListAsync(cancellationToken);
        foreach (var entry in found) known.Add((byId[entry.ConversationId], entry.Fingerprint));
    }

    /// <param name="details">JSON in place of the event's own content, where more belongs to it.</param>
    public void Add(Conversation conversation, InboundEvent inbound, TimelineItemType kind, string text, string? details = null)
    {
        var fingerprint = inbound.Fingerprint();
        if (!known.Add((conversation, fingerprint))) return;

        var clean = PlainName.Clean(text) ?? "";   // titles of ads, refs of links and answers to forms are part of it
        var shortened = clean.Length > MaxTextLength ? clean[..(MaxTextLength - 1)] + "…" : clean;
        details ??= inbound.Content.GetRawText();
        db.TimelineEntries.Add(new TimelineEntry(conversation, kind, shortened, details, fingerprint, inbound.At));
        conversation.RecordTimelineEntry(inbound.At);
    }
}
