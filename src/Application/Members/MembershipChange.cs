using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Members;

/// <summary>What changing and removing a member have in common. Called within the transaction of the change, unless a method says
/// otherwise.</summary>
internal sealed class MembershipChange(
    IAppDbContext db, ChunkedDeletion chunks, IUserAccounts accounts, OrganizationScope scope) : IScopedService
{
    /// <summary>More open pages than this are not told; they show the change when they are loaded again.</summary>
    private const int MaxPushed = 200;

    private readonly List<long> unassigned = [];

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

    /// <summary>
    /// Before the transaction, in chunks, because somebody may have a hundred thousand conversations. If the process ends on the way, the
    /// member is still one, with fewer conversations, and whoever asked for the change got no answer and asks again.
    /// </summary>
    public async Task UnassignAsync(long userId, CancellationToken cancellationToken)
    {
        var membership = await db.Memberships.AsNoTracking()
            .SingleOrDefaultAsync(m => m.OrganizationId == scope.OrganizationId && m.UserId == userId, cancellationToken)
            ?? throw new NotFoundException("member_not_found");
        if (membership.IsActiveAdmin) await EnsureAnotherAdminAsync(membership, cancellationToken);

        await NoteOpenAsync(userId, cancellationToken);
        await chunks.DeleteAsync(
            AssignedTo(userId).OrderBy(c => c.Status).ThenBy(c => c.LastMessageAt),
            (ids, token) => UnassignAsync(db.Conversations.Where(c => ids.Contains(c.Id)), userId, token),
            cancellationToken);
    }

    /// <summary>Ends the member's sessions in the organization and gives back the conversations that were assigned since
    /// <see cref="UnassignAsync(long, CancellationToken)"/>. Messages keep their name.</summary>
    public async Task EndWorkAsync(Membership membership, CancellationToken cancellationToken)
    {
        await db.SessionsIn(membership.OrganizationId).Where(s => s.UserId == membership.UserId).ExecuteDeleteAsync(cancellationToken);
        await NoteOpenAsync(membership.UserId, cancellationToken);
        membership.RecordUnassigned(unassigned);
        await UnassignAsync(AssignedTo(membership.UserId), membership.UserId, cancellationToken);
    }

    /// <summary>Closed conversations too: the customer's next message opens them, and then somebody has to see them.</summary>
    private IQueryable<Conversation> AssignedTo(long userId) =>
        db.Conversations.OfOrganization(scope).Where(c => c.AssigneeId == userId);

    private async Task NoteOpenAsync(long userId, CancellationToken cancellationToken) => unassigned.AddRange(
        await AssignedTo(userId).Where(c => c.Status == ConversationStatus.Open)
            .OrderByDescending(c => c.LastMessageAt).Select(c => c.Id).Take(MaxPushed).ToListAsync(cancellationToken));

    private static Task<int> UnassignAsync(IQueryable<Conversation> conversations, long userId, CancellationToken cancellationToken) =>
        conversations.Where(c => c.AssigneeId == userId).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.AssigneeId, (long?)null).SetProperty(c => c.AssigneeName, (string?)null), cancellationToken);
}
