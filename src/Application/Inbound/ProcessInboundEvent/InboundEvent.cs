using System.Text.Json;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>Which key of the event decides what it is (platform reference 2.4).</summary>
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
    /// <summary>The delivery it came with; 0 where it is not stored.</summary>
    public long DeliveryId { get; init; }

    /// <summary>Which event of the delivery, counted from 0.</summary>
    public int Index { get; init; }

    /// <summary>The object under the key that decides the kind; undefined when there is none.</summary>
    public JsonElement Content => Kind switch
    {
        InboundEventKind.Message or InboundEventKind.Echo or InboundEventKind.Unsend => Body.Member("message"),
        InboundEventKind.Edit => Body.Member("message_edit"),
        InboundEventKind.Reaction => Body.Member("reaction"),
        InboundEventKind.Postback => Body.Member("postback"),
        InboundEventKind.Delivery => Body.Member("delivery"),
        InboundEventKind.Read => Body.Member("read"),
        _ => default,
    };

    /// <summary>The message the event is or speaks of, when it names one.</summary>
    public string? Mid => Content.Text("mid");

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
