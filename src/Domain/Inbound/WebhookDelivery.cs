using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Inbound;

/// <summary>The durable inbox: one POST of Meta, byte for byte. Belongs to the installation; one may hold events of several Pages.</summary>
public sealed class WebhookDelivery : Entity
{
    private WebhookDelivery() { }

    public WebhookDelivery(ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt)
    {
        Payload = payload.ToArray();
        ReceivedAt = receivedAt;
    }

    public DateTimeOffset ReceivedAt { get; private set; }

    public byte[] Payload { get; private set; } = [];

    /// <summary>Meta's word: page, instagram, or anything else; null until it is parsed.</summary>
    public string? Object { get; private set; }

    /// <summary>The organization all its events belong to; null when there are several, or none. Its ops may see it.</summary>
    public long? OrganizationId { get; private set; }

    /// <summary>The Page or Instagram account all its events are for; null when there are several, or none.</summary>
    public string? AccountId { get; private set; }

    public WebhookDeliveryState State { get; private set; }

    public int Attempts { get; private set; }

    public int EventCount { get; private set; }

    public int FailedEvents { get; private set; }

    /// <summary>Why it failed or was ignored, for ops.</summary>
    public string? Error { get; private set; }

    /// <summary>What became of each event, JSON in the events' order.</summary>
    public string? Outcomes { get; private set; }

    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>The replay of many that it was last part of.</summary>
    public long? ReplayId { get; private set; }

    public void Finish(string? @object, IReadOnlyList<EventOutcome> outcomes, DateTimeOffset now)
    {
        Object = Cut(@object, 64);
        var organizations = outcomes.Select(o => o.OrganizationId).Distinct().ToList();
        OrganizationId = organizations is [var only] ? only : null;
        var accounts = outcomes.Select(o => o.AccountId).Distinct().ToList();
        AccountId = accounts is [{ Length: > 0 and <= MetaId.MaxLength } account] ? account : null;
        Attempts++;
        EventCount = outcomes.Count;
        FailedEvents = outcomes.Count(o => o.Kind is EventOutcomeKind.Failed);
        State = FailedEvents > 0 ? WebhookDeliveryState.Failed
            : outcomes.Any(o => o.Kind is EventOutcomeKind.Processed or EventOutcomeKind.Parked) ? WebhookDeliveryState.Processed
            : WebhookDeliveryState.Ignored;
        Error = Cut(Reason(outcomes), 2000);
        Outcomes = outcomes.Count == 0 ? null : EventOutcome.ToJson(outcomes);
        ProcessedAt = now;
    }

    /// <summary>The body as a whole is not what Meta documents.</summary>
    public void FailToParse(string error, DateTimeOffset now)
    {
        Attempts++;
        EventCount = 0;
        FailedEvents = 0;
        State = WebhookDeliveryState.Failed;
        Error = Cut(error, 2000);
        Outcomes = null;
        ProcessedAt = now;
    }

    /// <summary>In the events' order.</summary>
    public IReadOnlyList<EventOutcome> ReadOutcomes() => EventOutcome.FromJson(Outcomes);

    /// <summary>Safe any number of times: processing an event twice changes nothing.</summary>
    public void Replay()
    {
        State = WebhookDeliveryState.Pending;
        ReplayId = null;
    }

    /// <summary>A person is erased: the body without them, and outcomes that no longer say whose event it was.</summary>
    public void Erase(byte[] payload, IReadOnlySet<string> customerIds, IReadOnlySet<string> mids)
    {
        Payload = payload;
        if (Outcomes is null) return;
        Outcomes = EventOutcome.ToJson(
            [.. ReadOutcomes().Select(o => customerIds.Contains(o.CustomerId ?? "") || mids.Contains(o.Mid ?? "") ? o with { CustomerId = null, Mid = null } : o)]);
    }

    private static string? Reason(IReadOnlyList<EventOutcome> outcomes)
    {
        if (outcomes.Count == 0) return "The delivery holds no events.";
        var reasons = outcomes
            .Where(o => o.Reason is not null && o.Kind is (EventOutcomeKind.Ignored or EventOutcomeKind.Failed))
            .OrderByDescending(o => o.Kind is EventOutcomeKind.Failed)
            .Select(o => o.Reason)
            .Distinct();
        var text = string.Join("; ", reasons);
        return text.Length == 0 ? null : text;
    }

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}
