namespace MetaMessaging.Application.Inbound;

/// <summary>Asks again for stale profiles of the latest conversations, so that recording a message need not check the profile.</summary>
[NotAudited("It asks Meta for profiles, which nobody changed here.")]
public sealed record RefreshProfiles : IRecurringJob { string IRecurringJob.Schedule => "*/5 * * * *"; }

internal sealed class RefreshProfilesHandler(IAppDbContext db, IJobs jobs, TimeProvider clock) : AsyncRequestHandler<RefreshProfiles>
{
    private const int MaxPerRun = 500;

    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(15);

    /// <summary>Of the first run in each hour, so that failed runs or a stop of several hours leave no contact out.</summary>
    private static readonly TimeSpan HourlyLookBack = TimeSpan.FromDays(1);

    protected override async Task Handle(RefreshProfiles request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var since = now - (now.Minute < 5 ? HourlyLookBack : LookBack);
        var stale = new HashSet<long>();
        foreach (var organizationId in await db.Organizations.Select(o => o.Id).ToListAsync(cancellationToken))
        {
            stale.UnionWith(await db.Conversations
                .Where(c => c.OrganizationId == organizationId && c.LastMessageAt >= since   // uses the index of the conversation list
                    && c.Connection.State == ConnectionState.Active
                    && c.Contact.ProfileDueAt == null
                    && (c.Contact.ProfileStaleAt == null || c.Contact.ProfileStaleAt <= now)
                    && c.LastInboundAt != null
                    && (c.Contact.ProfileCheckedAt == null || c.LastInboundAt > c.Contact.ProfileCheckedAt))
                .OrderBy(c => c.LastMessageAt)
                .Select(c => c.ContactId).Take(MaxPerRun).ToListAsync(cancellationToken));
        }

        if (stale.Count == 0) return;
        await db.Contacts.Where(c => stale.Contains(c.Id) && c.ProfileDueAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now), cancellationToken);
        foreach (var contactId in stale) jobs.Enqueue(new EnrichContact(contactId));
    }
}
