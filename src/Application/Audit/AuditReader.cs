using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Audit;

/// <summary>Reads the entries that the caller may see, with the names that contacts have now.</summary>
internal sealed class AuditReader(IAppDbContext db, ICaller caller, OrganizationScope scope) : IScopedService
{
    private const string Contact = "contact";

    public async Task<Page<AuditEntryModel>> ReadAsync(IAuditFilter filter, IPaged page, CancellationToken cancellationToken)
    {
        var entries = await db.AuditEntries.AsNoTracking().VisibleTo(caller, scope).Matching(filter)
            .ToPageAsync(page, entry => entry.At, cancellationToken);
        var contacts = await NamesOfContactsAsync(entries.Items, cancellationToken);
        var organizationIds = entries.Items.Select(e => e.OrganizationId).OfType<long>().Distinct().ToList();
        var organizations = await db.Organizations.Where(o => organizationIds.Contains(o.Id))
            .ProjectToType<OrganizationModel>().ToDictionaryAsync(o => o.Id, cancellationToken);
        return entries.Select(entry => ModelOf(entry, organizations.GetValueOrDefault(entry.OrganizationId ?? 0), contacts));
    }

    /// <summary>Of the caller's organization only: a system administrator sees no customers of the others.</summary>
    private async Task<Dictionary<long, string>> NamesOfContactsAsync(
        IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var ids = entries.Where(e => e.TargetType == Contact).Select(e => IdOf(e)).OfType<long>().Distinct().ToList();
        if (ids.Count == 0) return [];
        return await db.Contacts.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name })
            .ToDictionaryAsync(c => c.Id, c => c.Name, cancellationToken);
    }

    private static AuditEntryModel ModelOf(AuditEntry entry, OrganizationModel? organization, Dictionary<long, string> contacts)
    {
        var id = IdOf(entry);
        var name = entry.TargetType == Contact && id is long contactId ? contacts.GetValueOrDefault(contactId) : entry.TargetName;
        var changes = entry.Changes is { } json ? JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<JsonElement>>>(json)! : [];
        return new AuditEntryModel(
            entry.Id, entry.At, organization, new AuditActor(entry.ActorType, entry.ActorId, entry.ActorName), entry.Action,
            new AuditTargetModel(entry.TargetType, id, name), changes, entry.Address);
    }

    private static object? IdOf(AuditEntry entry) =>
        long.TryParse(entry.TargetId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : entry.TargetId;
}
