namespace MetaMessaging.Application.Members;

/// <summary>Makes invitations. Only the hash of the token is stored, so the address can be shown once.</summary>
internal sealed class InvitationLinks(
    IAppDbContext db, AuditLog audit, IPublicAddress address, ICaller caller, TimeProvider clock) : IScopedService
{
    /// <summary>Called within a transaction. An earlier invitation of the same address ends, so that only the newest link works.</summary>
    public async Task<InvitedMember> CreateAsync(
        long organizationId, string email, OrganizationRoles roles, CancellationToken cancellationToken)
    {
        var open = await db.Invitations.Where(i => i.OrganizationId == organizationId).ToListAsync(cancellationToken);
        db.Invitations.RemoveRange(open.Where(i => i.IsFor(email)));
        var (row, token) = Invitation.Create(organizationId, email, roles, caller.UserId, clock.GetUtcNow());
        db.Invitations.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        audit.Record(
            organizationId, caller.Actor, AuditActions.MemberInvited, AuditTarget.Of(row, email),
                new AuditChange("roles", null, roles.ToList()));
        await db.SaveChangesAsync(cancellationToken);
        return new InvitedMember(row.Id, email, roles.ToList(), row.ExpiresAt, new Uri(address.BaseUrl, $"invitations/{token}").ToString());
    }
}
