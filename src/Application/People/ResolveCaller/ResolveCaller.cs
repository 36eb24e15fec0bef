using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Organizations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.People;

/// <summary>
/// What a signed-in person is and may do right now, read at every request: a role taken away is gone at once.
/// </summary>
public sealed record ResolveCaller(long UserId, string? SecurityStamp) : IRequest<CallerModel>;

public sealed record CallerModel(long UserId, string Name, string Email, bool IsSystemAdmin, long? OrganizationId, string? OrganizationName, OrganizationRoles Roles);

internal sealed class ResolveCallerHandler(IAppDbContext db, IUserAccounts people) : IRequestHandler<ResolveCaller, CallerModel>
{
    public async Task<CallerModel> Handle(ResolveCaller request, CancellationToken cancellationToken)
    {
        var person = await people.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");

        var membership = await db.Memberships
            .Where(m => m.UserId == person.Id)
            .OrderBy(m => m.Id)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new { m.OrganizationId, o.Name, m.Roles })
            .FirstOrDefaultAsync(cancellationToken);

        return new CallerModel(
            person.Id, person.Name, person.Email, person.IsSystemAdmin,
            membership?.OrganizationId, membership?.Name, membership?.Roles ?? OrganizationRoles.None);
    }
}
