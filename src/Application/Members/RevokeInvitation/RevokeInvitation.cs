namespace MetaMessaging.Application.Members;

/// <summary>Takes an invitation back: its link no longer works.</summary>
public sealed record RevokeInvitation(long Id) : IRequest, IRepeatable;

internal sealed class RevokeInvitationHandler(IAppDbContext db, AuditLog audit) : AsyncRequestHandler<RevokeInvitation>
{
    protected override Task Handle(RevokeInvitation request, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Id == request.Id, token);
            // Whoever accepts it at the same time has deleted the row.
            if (invitation is null || await db.Invitations.Where(i => i.Id == request.Id).ExecuteDeleteAsync(token) == 0)
                throw new NotFoundException("invitation_not_found");
            audit.Record(AuditActions.InvitationRevoked, AuditTarget.Of(invitation, invitation.Email));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
}
