using System.Globalization;
using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Domain.Audit;

public enum AuditActorType { Person, ApiKey, System }

/// <param name="Id">Null for the system, and for an unknown person.</param>
public sealed record AuditActor(AuditActorType Type, long? Id, string Name)
{
    public static AuditActor System { get; } = new(AuditActorType.System, null, "System");

    /// <summary>Somebody who tried to sign in with an address that has no account.</summary>
    public static AuditActor Unknown { get; } = new(AuditActorType.Person, null, "Unknown");
}

/// <summary>
/// What was changed. A customer's name is not stored here: entries are never changed, so it would outlive the erasure of the person.
/// </summary>
/// <param name="Type">For example <c>member</c> or <c>contact</c>.</param>
public sealed record AuditTarget(string Type, string? Id, string? Name = null)
{
    /// <summary>The type is the entity's, in camel case. The row must have its id: save a new one first, in the same transaction.</summary>
    public static AuditTarget Of(Entity row, string? name = null)
    {
        var type = row is PageConnection ? "Connection" : row.GetType().Name;
        return new AuditTarget(char.ToLowerInvariant(type[0]) + type[1..], row.Id.ToString(CultureInfo.InvariantCulture), name);
    }

    /// <summary>Called a member as in the API, which finds members by their user id.</summary>
    public static AuditTarget User(long userId, string name) => new("member", userId.ToString(CultureInfo.InvariantCulture), name);

    public static AuditTarget Session(long id) => new("session", id.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Who did what, from where. Rows are only ever added, in the transaction of the change; retention deletes old ones.</summary>
public sealed class AuditEntry : Entity
{
    private AuditEntry() { }

    /// <param name="changes">JSON: an object of field → [before, after]. Secrets and customers' names appear as "changed".</param>
    public AuditEntry(
        long? organizationId, AuditActor actor, string action, AuditTarget? target, string? changes, string? address, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        (ActorType, ActorId, ActorName) = actor;
        Action = action;
        (TargetType, TargetId, TargetName) = target ?? new AuditTarget("", null);
        Changes = changes;
        Address = address;
        At = now;
    }

    /// <summary>Null for what concerns the whole installation.</summary>
    public long? OrganizationId { get; private set; }

    public DateTimeOffset At { get; private set; }

    public AuditActorType ActorType { get; private set; }

    public long? ActorId { get; private set; }

    /// <summary>As it was then.</summary>
    public string ActorName { get; private set; } = "";

    public string Action { get; private set; } = "";

    public string TargetType { get; private set; } = "";

    public string? TargetId { get; private set; }

    public string? TargetName { get; private set; }

    public string? Changes { get; private set; }

    /// <summary>The client's network address.</summary>
    public string? Address { get; private set; }
}
