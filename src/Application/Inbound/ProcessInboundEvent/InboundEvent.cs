using System.Text.Json;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>Which key of the event decides what it is (platform reference, Webhooks → Envelope).</summary>
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

    /// <summary>Never sent by Meta: a message that waits for the one it answers.</summary>
    Reply,

    Other,
}

/// <summary>One element of entry[].messaging[] or standby[], with what every kind has in common.</summary>
/// <param name="AccountId">Page id or Instagram account id.</param>
/// <param name="CustomerId">PSID or IGSID; null where the event names nobody.</param>
/// <param name="At">Meta's time of the event.</param>
/// <param name="Body">The event as Meta sent it.</param>
/// <param name="IgnoreReason">Set when the event is known not to concern us.</param>
public sealed record InboundEvent(
    Channel Channel,
    string AccountId,
    string? CustomerId,
    DateTimeOffset At,
    InboundEventKind Kind,
    JsonElement Body,
    bool IsStandby,
    string? IgnoreReason = null)
{
    private string? mid;

    /// <summary>The delivery it came with; 0 where it is not stored.</summary>
    public long DeliveryId { get; init; }

    /// <summary>Which event of the delivery, counted from 0.</summary>
    public int Index { get; init; }

    /// <summary>The key that decides the kind; null when there is none that we know.</summary>
    public string? Key { get; init; }

    /// <summary>The object under that key; undefined when there is none.</summary>
    public JsonElement Content => Key is null ? default : Body.Member(Key);

    /// <summary>Something that happened in a conversation and is no message.</summary>
    public bool IsTimeline => Kind is InboundEventKind.Referral or InboundEventKind.OptIn or InboundEventKind.AccountLinking
        or InboundEventKind.Feedback or InboundEventKind.Handover or InboundEventKind.Order or InboundEventKind.Coupon or InboundEventKind.Game;

    /// <summary>Said by the business, not by the customer.</summary>
    public bool IsByAccount => Body.Member("sender").Text("id") == AccountId;

    /// <summary>The message the event is or speaks of, when it names one.</summary>
    public string? Mid => mid ??= Content.Text("mid") is { } named && !string.IsNullOrWhiteSpace(named) ? named : null;

    /// <summary>What became of it, with what ops want to know of it.</summary>
    public EventOutcome Ended(EventOutcome outcome) => outcome with
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
