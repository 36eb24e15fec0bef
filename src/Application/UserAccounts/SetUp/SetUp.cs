namespace MetaMessaging.Application.UserAccounts;

/// <summary>Creates the first system administrator and the first organization, in which that user has all roles. Works once.</summary>
public sealed record SetUp(string? Organization, string? Name, string? Email, string? Password) : IRequest<UserAccount>;

internal sealed class SetUpValidator : AbstractValidator<SetUp>
{
    public SetUpValidator()
    {
        RuleFor(s => s.Organization).IsName(200);
        RuleFor(s => s.Name).IsName(200).WithName("Your name");
        RuleFor(s => s.Email).NotEmpty().IsEmailAddress().WithName("E-mail address");
        RuleFor(s => s.Password).NotEmpty();
    }
}

internal sealed class SetUpHandler(IAppDbContext db, IUserAccounts accounts, AuditLog audit, TimeProvider clock)
    : IRequestHandler<SetUp, UserAccount>
{
    public async Task<UserAccount> Handle(SetUp request, CancellationToken cancellationToken)
    {
        UserAccount? user = null;
        await db.SaveChangesAsync(async token => user = await CreateAsync(request, token), cancellationToken);
        return user!;
    }

    /// <summary>In one transaction: a process that is killed meanwhile leaves no user without an organization behind.</summary>
    private async Task<UserAccount> CreateAsync(SetUp request, CancellationToken cancellationToken)
    {
        await db.SystemConfig.LockAsync(cancellationToken);   // of two first visits at once, one waits here and then finds the other's user
        if (await accounts.AnyAsync(cancellationToken))
            throw new ConflictException("already_set_up", "This installation is already set up. Sign in instead.");

        var user = await accounts.CreateAsync(
            new NewUserAccount(request.Email!, request.Name!, request.Password!, IsSystemAdmin: true), cancellationToken);
        var organization = new Organization(PlainName.Clean(request.Organization)!, clock.GetUtcNow());
        db.Organizations.Add(organization);
        await db.SaveChangesAsync(cancellationToken);

        db.Memberships.Add(new Membership(organization.Id, user.Id, OrganizationRoles.All));
        var actor = new AuditActor(AuditActorType.Person, user.Id, user.Name);
        audit.Record(organization.Id, actor, AuditActions.OrganizationCreated, AuditTarget.Of(organization, organization.Name));
        audit.Record(
            organization.Id, actor, AuditActions.MemberJoined, AuditTarget.User(user.Id, user.Name),
            new AuditChange("roles", null, OrganizationRoles.All.ToList()));
        await db.SaveChangesAsync(cancellationToken);
        return user;
    }
}
