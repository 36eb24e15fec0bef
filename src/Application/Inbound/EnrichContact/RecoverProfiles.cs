namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverProfiles(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var contacts = await db.Contacts.Where(c => c.ProfileDueAt <= horizon)
            .OrderBy(c => c.ProfileDueAt).Select(c => new { c.Id, DueAt = c.ProfileDueAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var contact in contacts) jobs.Schedule(new EnrichContact(contact.Id), contact.DueAt);
    }
}
