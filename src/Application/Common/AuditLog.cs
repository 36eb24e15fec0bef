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

    /// <summary>For those who are not signed in yet, jobs, and what concerns another organization or the installation (null).</summary>
    public void Record(
        long? organizationId, AuditActor actor, string action, AuditTarget? target, params IEnumerable<AuditChange> changes)
    {
        var fields = changes.Where(c => !Equals(c.Before, c.After)).ToDictionary(c => c.Field, c => new[] { c.Before, c.After });
        db.AuditEntries.Add(new AuditEntry(
            organizationId, actor, action, target, fields.Count == 0 ? null : JsonSerializer.Serialize(fields, Json), client.Address,
            clock.GetUtcNow()));
    }
}

/// <summary>Says why a command leaves no entry in the audit log.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotAuditedAttribute(string reason) : Attribute { public string Reason { get; } = reason; }
