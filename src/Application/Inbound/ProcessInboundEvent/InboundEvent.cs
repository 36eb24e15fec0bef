namespace MetaMessaging.Application.Inbound;

/// <summary>What an event is about; the key in its JSON decides (platform reference, Webhooks → Envelope).</summary>
public enum InboundEventKind
{
    Message,
    Echo,
    Unsend,
    Edit,
    Reaction,
    Postback,
    Referral,
    OptIn,
    Delivery,
    Read,
    AccountLinking,
    PolicyEnforcement,
    Feedback,
    Handover,
    Order,
    Coupon,
    Game,

    /// <summary>Never sent by Meta: a parked link from a reply to the message that it answers.</summary>
    Reply,

    Other,
}

/// <summary>One element of entry[].messaging[] or entry[].standby[].</summary>
/// <param name="CustomerId">PSID or IGSID; null where the event names no customer.</param>
/// <param name="IsStandby">Another app owned the thread.</param>
public sealed record InboundEvent(
    Channel Channel, string AccountId, string? CustomerId, DateTimeOffset At, InboundEventKind Kind, JsonElement Body, bool IsStandby,
    string? IgnoreReason = null)
{
    private string? mid;

    /// <summary>The delivery that the event is part of; 0 for an event that was parked.</summary>
    public long DeliveryId { get; init; }

    /// <summary>Its position among the events of the delivery, counted from 0.</summary>
    public int Index { get; init; }

    /// <summary>The key that decides the kind; null when the event has no known key.</summary>
    public string? Key { get; init; }

    public JsonElement Content => Key is null ? default : Body.Member(Key);

    public bool IsTimeline => Kind
        is InboundEventKind.Referral
        or InboundEventKind.OptIn
        or InboundEventKind.AccountLinking
        or InboundEventKind.Feedback
        or InboundEventKind.Handover
        or InboundEventKind.Order
        or InboundEventKind.Coupon
        or InboundEventKind.Game;

    public bool IsByAccount => Body.Member("sender").Text("id") == AccountId;

    /// <summary>The message that the event is, or refers to; null when it names none.</summary>
    public string? Mid => mid ??= Content.Text("mid") is { } named && !string.IsNullOrWhiteSpace(named) ? named : null;

    /// <summary>Completes an outcome with the details that the operations pages show.</summary>
    public EventOutcome Complete(EventOutcome outcome) => outcome with
    {
        Reason = outcome.Reason is { Length: > 500 } reason ? reason[..500] : outcome.Reason,
        Event = Kind.ToString(),
        Mid = IdOrNull(Mid),
        AccountId = IdOrNull(AccountId),
        CustomerId = IdOrNull(CustomerId),
        IsStandby = IsStandby,
        At = At,
    };

    private static string? IdOrNull(string? id) => id is { Length: > 0 and <= MetaId.MaxLength } ? id : null;
}
