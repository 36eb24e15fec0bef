using FluentValidation.Results;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Organizations;

/// <summary>Begins the deletion of an organization with everything in it; <see cref="EraseOrganizations"/> continues it.</summary>
/// <param name="Confirm">The organization's name, so that none is deleted by a mistyped id.</param>
public sealed record DeleteOrganization(long Id, string? Confirm) : IRequest, IRepeatable;

internal sealed class DeleteOrganizationHandler(IAppDbContext db, AuditLog audit, ICaller caller, IJobs jobs)
    : AsyncRequestHandler<DeleteOrganization>
{
    protected override async Task Handle(DeleteOrganization request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.SingleOrDefaultAsync(o => o.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("organization_not_found");
        if (request.Confirm != organization.Name)
            throw new ValidationException([new ValidationFailure("confirm", "Repeat the organization's name exactly.")]);
        await db.SaveChangesAsync(async token =>
        {
            // Of two requests at once, the second finds none to begin with.
            var notBegun = db.Organizations.Where(o => o.Id == request.Id && o.State != OrganizationState.Deleting);
            if (await notBegun.LockAsync(token) == 0) return;

            await db.EndSessionsAsync(organization.Id, caller.UserId, token);
            organization.StartDeletion();
            // An entry of the installation: those of the organization are erased with it.
            audit.Record(null, caller.Actor, AuditActions.OrganizationDeleted, AuditTarget.Of(organization, organization.Name));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        jobs.Enqueue(new EraseOrganizations());
    }
}
