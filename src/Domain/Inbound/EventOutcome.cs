namespace MetaMessaging.Domain.Inbound;

public enum EventOutcomeKind
{
    Processed,
    Ignored,
    Failed,
}

/// <summary>What became of one event of a delivery; the reason is for ops.</summary>
/// <param name="OrganizationId">Whose event it was; null when nobody's.</param>
public sealed record EventOutcome(EventOutcomeKind Kind, string? Reason, long? OrganizationId = null)
{
    public static readonly EventOutcome Processed = new(EventOutcomeKind.Processed, null);

    public static EventOutcome Ignored(string reason) => new(EventOutcomeKind.Ignored, reason);

    public static EventOutcome Failed(string reason) => new(EventOutcomeKind.Failed, reason);
}
