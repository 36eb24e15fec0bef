namespace MetaMessaging.Application.Inbound;

/// <summary>Asks again for stale profiles of the latest conversations, so that recording a message need not check the profile.</summary>
[NotAudited("It asks Meta for profiles, which nobody changed here.")]
public sealed record RefreshProfiles : IRecurringJob { string IRecurringJob.Schedule => "*/5 * * * *"; }

internal sealed class RefreshProfilesHandler(IAppDbContext db, IJobs jobs, TimeProvider clock) : AsyncRequestHandler<RefreshProfiles>
{
    private const int MaxPerRun = 500;

    /// <summary>Far longer than the time between two runs, so that a failed run or a stop of several hours leaves no contact out.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    protected override async Task Handle(RefreshProfiles request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var since = now - LookBack;
        var stale = await db.Conversations
            .Where(c => db.Organizations.Select(o => o.Id).Contains(c.OrganizationId)
                && c.LastMessageAt >= since   // uses the index of the conversation list
                && c.Connection.State == ConnectionState.Active
                && c.Contact.ProfileDueAt == null
                && (c.Contact.ProfileStaleAt == null || c.Contact.ProfileStaleAt <= now)
                && c.LastInboundAt != null
                && (c.Contact.ProfileCheckedAt == null || c.LastInboundAt > c.Contact.ProfileCheckedAt))
            .Select(c => c.ContactId).Distinct().OrderBy(id => id).Take(MaxPerRun).ToListAsync(cancellationToken);
        if (stale.Count == 0) return;

        await db.Contacts.Where(c => stale.Contains(c.Id) && c.ProfileDueAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now), cancellationToken);
        foreach (var contactId in stale) jobs.Enqueue(new EnrichContact(contactId));
    }
}
