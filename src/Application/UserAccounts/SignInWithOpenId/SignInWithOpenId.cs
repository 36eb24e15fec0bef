namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Signs in a person whom the OpenID Connect provider has authenticated. Who comes for the first time gets the account with the same e-mail
/// address, or a new one in the organization and with the roles that System Config names.
/// </summary>
/// <param name="IsEmailVerified">The provider has checked that the address is the person's.</param>
public sealed record SignInWithOpenId(string? Issuer, string? Subject, string? Email, bool IsEmailVerified, string? Name)
    : IRequest<UserAccount>;

internal sealed class SignInWithOpenIdValidator : AbstractValidator<SignInWithOpenId>
{
    public SignInWithOpenIdValidator()
    {
        RuleFor(s => s.Issuer).NotEmpty();
        RuleFor(s => s.Subject).NotEmpty();
        RuleFor(s => s.Email).IsEmailAddress();
    }
}

internal sealed class SignInWithOpenIdHandler(
    IAppDbContext db, IUserAccounts accounts, IExternalAccounts external, ITwoFactor twoFactor, AuditLog audit)
    : IRequestHandler<SignInWithOpenId, UserAccount>
{
    /// <exception cref="TwoFactorRequiredException">The account has a second factor.</exception>
    public async Task<UserAccount> Handle(SignInWithOpenId request, CancellationToken cancellationToken)
    {
        var identity = new ExternalIdentity(request.Issuer!, request.Subject!);
        if (await external.FindAsync(identity, cancellationToken) is not { } user)
        {
            if (request is not { IsEmailVerified: true, Email: { Length: > 0 } email })
                throw new UnauthenticatedException("Your provider does not say that your e-mail address is verified.");
            user = await AdmitAsync(identity, email, request.Name, cancellationToken);
        }

        return user.HasTwoFactor
            ? throw new TwoFactorRequiredException(await twoFactor.IssueTokenAsync(user.Id, cancellationToken))
            : user;
    }

    private async Task<UserAccount> AdmitAsync(
        ExternalIdentity identity, string email, string? name, CancellationToken cancellationToken)
    {
        UserAccount? admitted = null;
        await db.SaveChangesAsync(
            async token =>
            {
                admitted = await accounts.FindByEmailAsync(email, token);
                if (admitted is null) admitted = await JoinAsync(identity, email, name, token);
                else await LinkAsync(admitted, identity, token);
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return admitted!;
    }

    private async Task LinkAsync(UserAccount user, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        await external.LinkAsync(user.Id, identity, cancellationToken);
        await audit.RecordSignInAsync(AuditActions.OpenIdLinked, user.Id, user.Name, cancellationToken);
    }

    private async Task<UserAccount> JoinAsync(ExternalIdentity identity, string email, string? name, CancellationToken cancellationToken)
    {
        var config = await db.SystemConfig.AsNoTracking().OrderBy(c => c.Id).FirstAsync(cancellationToken);
        if (config.OpenIdOrganizationId is not { } organizationId
            || !await db.Organizations.AnyAsync(o => o.Id == organizationId && o.State == OrganizationState.Active, cancellationToken))
            throw new UnauthenticatedException("You have no account here yet. Ask an admin for an invitation.");

        var user = await external.CreateAsync(email, PlainName.Clean(name) ?? email.Split('@')[0], identity, cancellationToken);
        db.Memberships.Add(new Membership(organizationId, user.Id, config.OpenIdRoles));
        audit.Record(
            organizationId, new AuditActor(AuditActorType.Person, user.Id, user.Name), AuditActions.MemberJoined,
            AuditTarget.User(user.Id, user.Name), new AuditChange("roles", null, config.OpenIdRoles.ToList()));
        return user;
    }
}
