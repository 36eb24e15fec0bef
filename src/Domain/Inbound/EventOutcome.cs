using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaMessaging.Domain.Inbound;

public enum EventOutcomeKind
{
    Processed,

    /// <summary>The event preceded its message and is applied when the message arrives.</summary>
    Parked,

    Ignored,
    Failed,
}

/// <summary>The result of processing one event of a delivery, for ops; stored as JSON in <see cref="WebhookDelivery.Outcomes"/>.</summary>
/// <param name="OrganizationId">Null if the event belongs to no organization.</param>
public sealed record EventOutcome(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EventOutcomeKind Kind, string? Reason, long? OrganizationId = null)
{
    public static readonly EventOutcome Processed = new(EventOutcomeKind.Processed, null);

    /// <summary>The kind of event: Message, Echo, Reaction, ….</summary>
    public string? Event { get; init; }

    /// <summary>Meta's id of the message that the event contains or refers to.</summary>
    public string? Mid { get; init; }

    public string? AccountId { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Another app owned the thread at that time.</summary>
    public bool IsStandby { get; init; }

    public DateTimeOffset? At { get; init; }

    public static EventOutcome Parked(string reason) => new(EventOutcomeKind.Parked, reason);

    public static EventOutcome Ignored(string reason) => new(EventOutcomeKind.Ignored, reason);

    public static EventOutcome Failed(string reason) => new(EventOutcomeKind.Failed, reason);

    internal static string ToJson(IReadOnlyList<EventOutcome> outcomes) =>
        JsonSerializer.Serialize(outcomes, EventOutcomeJson.Default.IReadOnlyListEventOutcome);

    /// <returns>Empty for deliveries that were processed before outcomes were stored.</returns>
    internal static IReadOnlyList<EventOutcome> FromJson(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, EventOutcomeJson.Default.IReadOnlyListEventOutcome) ?? [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(IReadOnlyList<EventOutcome>))]
internal sealed partial class EventOutcomeJson : JsonSerializerContext;
