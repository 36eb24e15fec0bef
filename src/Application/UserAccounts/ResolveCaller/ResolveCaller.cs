namespace MetaMessaging.Application.UserAccounts;

/// <summary>Looks up a signed-in user and what the user may do. Sent at every request, so a removed role takes effect at once.</summary>
public sealed record ResolveCaller(long UserId, string? SecurityStamp) : IRequest<CallerModel>;

public sealed record CallerModel(
    long UserId, string Name, string Email, bool IsSystemAdmin, long? OrganizationId, string? OrganizationName, OrganizationRoles Roles);

internal sealed class ResolveCallerHandler(IAppDbContext db, IUserAccounts accounts) : IRequestHandler<ResolveCaller, CallerModel>
{
    public async Task<CallerModel> Handle(ResolveCaller request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");

        var membership = await db.Memberships
            .Where(m => m.UserId == user.Id)
            .OrderBy(m => m.Id)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new { m.OrganizationId, o.Name, m.Roles })
            .FirstOrDefaultAsync(cancellationToken);

        return new CallerModel(
            user.Id, user.Name, user.Email, user.IsSystemAdmin,
            membership?.OrganizationId, membership?.Name, membership?.Roles ?? OrganizationRoles.None);
    }
}
