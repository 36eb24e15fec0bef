using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace MetaMessaging.Application.Common;

/// <summary>A changed field. <see cref="Hidden"/> for what must not be shown: secrets, and customers' names.</summary>
public sealed record AuditChange(string Field, object? Before, object? After)
{
    private const string Changed = "changed";

    public static AuditChange Hidden(string field) => new(field, null, Changed);
}

/// <summary>
/// Adds entries to the audit log. The command's own save stores them, in the transaction of the change: record before it, or save
/// afterwards where nothing else is saved.
/// </summary>
public sealed class AuditLog(IAppDbContext db, ICaller caller, IClientInfo client, OrganizationScope scope, TimeProvider clock)
    : IScopedService
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it is never written into a page as it is
    };

    /// <summary>By the caller, in the organization of the unit of work.</summary>
    public void Record(string action, AuditTarget? target, params IEnumerable<AuditChange> changes) =>
        Record(scope.OrganizationId, caller.Actor, action, target, changes);

    /// <summary>By a user who is not signed in yet, in the organization that the user's sessions begin in.</summary>
    public async Task RecordSignInAsync(string action, long userId, string name, CancellationToken cancellationToken)
    {
        var organizationId = await db.Memberships.Where(m => m.UserId == userId)
            .OrderByDescending(m => m.State == MembershipState.Active).ThenBy(m => m.Id)
            .Select(m => (long?)m.OrganizationId).FirstOrDefaultAsync(cancellationToken);
        Record(organizationId, new AuditActor(AuditActorType.Person, userId, name), action, AuditTarget.User(userId, name));
    }

    /// <summary>Runs what may change a connection's state because of what Meta answered, and records the new state.</summary>
    public void RecordState(PageConnection connection, Action change)
    {
        var before = connection.State;
        change();
        if (connection.State == before) return;
        var action = connection.State is ConnectionState.ReauthorizationRequired
            ? AuditActions.ConnectionReauthorizationRequired
            : AuditActions.ConnectionRecovered;
        Record(
            connection.OrganizationId, AuditActor.System, action, AuditTarget.Of(connection, connection.PageName),
            new AuditChange("state", before, connection.State), new AuditChange("problem", null, connection.Problem));
    }

    /// <summary>For those who are not signed in yet, jobs, and what concerns another organization or the installation (null).</summary>
    public void Record(
        long? organizationId, AuditActor actor, string action, AuditTarget? target, params IEnumerable<AuditChange> changes)
    {
        var all = changes.ToList();
        var fields = all.Where(c => Written(c.Before) != Written(c.After)).ToDictionary(c => c.Field, c => new[] { c.Before, c.After });
        if (all.Count > 0 && fields.Count == 0) return;   // everything was as requested before
        db.AuditEntries.Add(new AuditEntry(
            organizationId, actor, action, target, fields.Count == 0 ? null : Written(fields), client.Address,
            clock.GetUtcNow()));
    }

    private static string Written(object? value) => JsonSerializer.Serialize(value, Json);
}

/// <summary>Says why a command leaves no entry in the audit log; on an interface, for all of its commands.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class NotAuditedAttribute(string reason) : Attribute { public string Reason { get; } = reason; }
