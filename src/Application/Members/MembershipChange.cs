using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Members;

/// <summary>What changing and removing a member have in common. Called within the transaction of the change.</summary>
internal sealed class MembershipChange(IAppDbContext db, IUserAccounts accounts, OrganizationScope scope) : IScopedService
{
    /// <summary>More open pages than this are not told; they show the change when they are loaded again.</summary>
    private const int MaxPushed = 200;

    /// <summary>Locks the organization first: of two admins who remove each other at once, the second finds no other admin.</summary>
    public async Task<(Membership Membership, UserAccount Account)> LockAsync(long userId, CancellationToken cancellationToken)
    {
        await db.Organizations.Where(o => o.Id == scope.OrganizationId).LockAsync(cancellationToken);
        var membership = await db.Memberships
            .SingleOrDefaultAsync(m => m.OrganizationId == scope.OrganizationId && m.UserId == userId, cancellationToken)
            ?? throw new NotFoundException("member_not_found");
        return (membership, (await accounts.FindAllAsync([userId], cancellationToken))[userId]);
    }

    /// <exception cref="ConflictException">last_admin</exception>
    public async Task EnsureAnotherAdminAsync(Membership membership, CancellationToken cancellationToken)
    {
        var others = await db.Memberships.Where(m => m.OrganizationId == membership.OrganizationId && m.Id != membership.Id)
            .AsNoTracking().ToListAsync(cancellationToken);
        if (others.Exists(m => m.IsActiveAdmin)) return;
        throw new ConflictException("last_admin", "This is the organization's last admin. Make somebody else an admin first.");
    }

    /// <summary>Ends the member's sessions in the organization and gives their conversations back. Messages keep their name.</summary>
    public async Task EndWorkAsync(Membership membership, CancellationToken cancellationToken)
    {
        await db.SessionsIn(membership.OrganizationId).Where(s => s.UserId == membership.UserId).ExecuteDeleteAsync(cancellationToken);

        // Closed conversations too: the customer's next message opens them, and then somebody has to see them.
        var assigned = db.Conversations.OfOrganization(scope).Where(c => c.AssigneeId == membership.UserId);
        membership.RecordUnassigned(await assigned.Where(c => c.Status == ConversationStatus.Open)
            .OrderByDescending(c => c.LastMessageAt).Select(c => c.Id).Take(MaxPushed).ToListAsync(cancellationToken));
        await assigned.ExecuteUpdateAsync(
            set => set.SetProperty(c => c.AssigneeId, (long?)null).SetProperty(c => c.AssigneeName, (string?)null), cancellationToken);
    }
}
