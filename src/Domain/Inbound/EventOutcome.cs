using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaMessaging.Domain.Inbound;

public enum EventOutcomeKind
{
    Processed,

    /// <summary>Came before its message and takes effect when that comes.</summary>
    Parked,

    Ignored,
    Failed,
}

/// <summary>What became of one event of a delivery, for ops; kept as JSON in <see cref="WebhookDelivery.Outcomes"/>.</summary>
/// <param name="OrganizationId">Whose event it was; null when nobody's.</param>
public sealed record EventOutcome([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] EventOutcomeKind Kind, string? Reason, long? OrganizationId = null)
{
    public static readonly EventOutcome Processed = new(EventOutcomeKind.Processed, null);

    /// <summary>What it was: Message, Echo, Reaction, ….</summary>
    public string? Event { get; init; }

    /// <summary>The message it is or speaks of, by Meta's id.</summary>
    public string? Mid { get; init; }

    /// <summary>Page id or Instagram account id.</summary>
    public string? AccountId { get; init; }

    /// <summary>PSID or IGSID.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Another app owned the thread.</summary>
    public bool IsStandby { get; init; }

    /// <summary>Meta's time of the event.</summary>
    public DateTimeOffset? At { get; init; }

    public static EventOutcome Parked(string reason) => new(EventOutcomeKind.Parked, reason);

    public static EventOutcome Ignored(string reason) => new(EventOutcomeKind.Ignored, reason);

    public static EventOutcome Failed(string reason) => new(EventOutcomeKind.Failed, reason);

    internal static string ToJson(IReadOnlyList<EventOutcome> outcomes) =>
        JsonSerializer.Serialize(outcomes, EventOutcomeJson.Default.IReadOnlyListEventOutcome);

    /// <returns>Empty for what was worked off before outcomes were kept.</returns>
    internal static IReadOnlyList<EventOutcome> FromJson(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, EventOutcomeJson.Default.IReadOnlyListEventOutcome) ?? [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(IReadOnlyList<EventOutcome>))]
internal sealed partial class EventOutcomeJson : JsonSerializerContext;
