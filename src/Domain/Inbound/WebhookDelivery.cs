namespace MetaMessaging.Domain.Inbound;

/// <summary>The body of one webhook request, byte for byte. It may contain events of several Pages, so no organization owns it.</summary>
public sealed class WebhookDelivery : Entity
{
    private WebhookDelivery() { }

    public WebhookDelivery(ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt)
    {
        Payload = payload.ToArray();
        ReceivedAt = receivedAt;
        Partition = DeliveryPartition.Of(payload.Span);
    }

    public DateTimeOffset ReceivedAt { get; private set; }

    public byte[] Payload { get; private set; } = [];

    /// <summary>The <see cref="DeliveryPartition"/> of its first account.</summary>
    public int Partition { get; private set; }

    /// <summary>The W3C trace context of the request that brought it, for one trace up to the live update.</summary>
    public string? TraceParent { get; private set; }

    /// <summary>Meta's object: page, instagram or another; null until the body is parsed.</summary>
    public string? Object { get; private set; }

    /// <summary>The organization of all events, whose ops may see the delivery; null when there are several or none.</summary>
    public long? OrganizationId { get; private set; }

    /// <summary>The Page or Instagram account of all events; null when there are several or none.</summary>
    public string? AccountId { get; private set; }

    public WebhookDeliveryState State { get; private set; }

    public int Attempts { get; private set; }

    public int EventCount { get; private set; }

    public int FailedEvents { get; private set; }

    public string? Error { get; private set; }

    /// <summary>The <see cref="EventOutcome"/> of each event, JSON in the order of the events.</summary>
    public string? Outcomes { get; private set; }

    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>The last <see cref="DeliveryReplay"/> that included the delivery.</summary>
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

    /// <summary>The body as a whole does not have the form that Meta documents.</summary>
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

    public IReadOnlyList<EventOutcome> ReadOutcomes() => EventOutcome.FromJson(Outcomes);

    /// <summary>May be called any number of times, because processing an event again changes nothing.</summary>
    public void Replay()
    {
        State = WebhookDeliveryState.Pending;
        ReplayId = null;
    }

    /// <summary>Replaces the body by one without an erased person, and removes the person's ids from the outcomes.</summary>
    public void Erase(byte[] payload, IReadOnlySet<string> customerIds, IReadOnlySet<string> mids)
    {
        Payload = payload;
        if (Outcomes is null) return;
        Outcomes = EventOutcome.ToJson([.. ReadOutcomes().Select(Redact)]);

        EventOutcome Redact(EventOutcome outcome) =>
            customerIds.Contains(outcome.CustomerId ?? "") || mids.Contains(outcome.Mid ?? "")
                ? outcome with { CustomerId = null, Mid = null }
                : outcome;
    }

    /// <summary>The same for all events of some Pages and Instagram accounts.</summary>
    public void EraseAccounts(byte[] payload, IReadOnlySet<string> accountIds)
    {
        Payload = payload;
        if (Outcomes is null) return;
        Outcomes = EventOutcome.ToJson([.. ReadOutcomes().Select(
            o => accountIds.Contains(o.AccountId ?? "") ? o with { CustomerId = null, Mid = null } : o)]);
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
