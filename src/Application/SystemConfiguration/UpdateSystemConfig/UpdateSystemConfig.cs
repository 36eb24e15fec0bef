namespace MetaMessaging.Application.SystemConfiguration;

/// <summary>Saves the Meta app of this installation, and the provider that people sign in through.</summary>
/// <param name="MetaMessagingAppSecret">Null or empty keeps the stored one.</param>
/// <param name="OpenIdAuthority">The provider's address; empty switches it off. Null keeps everything about it as it is.</param>
/// <param name="OpenIdClientSecret">Null or empty keeps the stored one.</param>
/// <param name="OpenIdName">What the sign-in page calls the provider.</param>
/// <param name="OpenIdOrganizationId">
/// The organization that people without an account join, with <see cref="OpenIdRoles"/>; null lets in only those who have one.
/// </param>
public sealed record UpdateSystemConfig(
    string? MetaMessagingAppId, string? MetaMessagingAppSecret, string? MetaMessagingVerifyToken, string? OpenIdAuthority = null,
    string? OpenIdClientId = null, string? OpenIdClientSecret = null, string? OpenIdName = null, long? OpenIdOrganizationId = null,
    IReadOnlyList<OrganizationRoles>? OpenIdRoles = null) : IRequest;

internal sealed class UpdateSystemConfigValidator : AbstractValidator<UpdateSystemConfig>
{
    public UpdateSystemConfigValidator()
    {
        RuleFor(c => c.MetaMessagingAppId).NotEmpty().MaximumLength(64).WithName("App ID");
        RuleFor(c => c.MetaMessagingAppSecret).MaximumLength(256).WithName("App secret");
        RuleFor(c => c.MetaMessagingVerifyToken).NotEmpty().MaximumLength(256).WithName("Verify token");
        When(c => !string.IsNullOrWhiteSpace(c.OpenIdAuthority), () =>
        {
            RuleFor(c => c.OpenIdAuthority).MaximumLength(256).Must(IsSafe).WithMessage("The provider's address begins with https://.");
            RuleFor(c => c.OpenIdClientId).NotEmpty().MaximumLength(256).WithName("Client ID");
            RuleFor(c => c.OpenIdClientSecret).MaximumLength(256).WithName("Client secret");
            RuleFor(c => c.OpenIdName).MaximumLength(100).WithName("Name of the provider");
            RuleFor(c => c.OpenIdRoles).NotEmpty().When(c => c.OpenIdOrganizationId is not null)
                .WithMessage("Choose at least one role.");
        });
    }

    /// <summary>Without https, only a provider on this machine.</summary>
    private static bool IsSafe(string? address) =>
        Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}

internal sealed class UpdateSystemConfigHandler(IAppDbContext db, AuditLog audit, ICaller caller, IMetaApp metaApp, TimeProvider clock)
    : AsyncRequestHandler<UpdateSystemConfig>
{
    protected override async Task Handle(UpdateSystemConfig request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var config = await db.SystemConfig.OrderBy(c => c.Id).FirstAsync(cancellationToken);   // created at the first start

        var secret = string.IsNullOrWhiteSpace(request.MetaMessagingAppSecret) ? null : request.MetaMessagingAppSecret.Trim();
        var (appId, verifyToken) = (request.MetaMessagingAppId!.Trim(), request.MetaMessagingVerifyToken!.Trim());
        var changes = new List<AuditChange> { new("metaMessagingAppId", config.MetaMessagingAppId, appId) };
        if (secret is not null && secret != config.MetaMessagingAppSecret) changes.Add(AuditChange.Hidden("metaMessagingAppSecret"));
        if (verifyToken != config.MetaMessagingVerifyToken) changes.Add(AuditChange.Hidden("metaMessagingVerifyToken"));
        if (request.OpenIdAuthority is not null) changes.AddRange(await ChangeOpenIdAsync(config, request, cancellationToken));
        audit.Record(null, caller.Actor, AuditActions.SystemConfigChanged, new AuditTarget("systemConfig", null), changes);
        config.Update(appId, secret, verifyToken, now);
        await db.SaveChangesAsync(cancellationToken);
        metaApp.Invalidate();
    }
    private async Task<IReadOnlyList<AuditChange>> ChangeOpenIdAsync(
        SystemConfig config, UpdateSystemConfig request, CancellationToken cancellationToken)
    {
        if (request.OpenIdOrganizationId is { } id && !await db.Organizations.AnyAsync(o => o.Id == id, cancellationToken))
            throw new NotFoundException("organization_not_found");

        var before = (config.OpenIdAuthority, config.OpenIdClientId, config.OpenIdOrganizationId, Roles: config.OpenIdRoles.ToList());
        var roles = (request.OpenIdRoles ?? []).Combine();
        var secret = Text(request.OpenIdClientSecret);
        var isOn = Text(request.OpenIdAuthority) is not null;
        config.ChangeOpenId(
            Text(request.OpenIdAuthority), isOn ? Text(request.OpenIdClientId) : null, secret, Text(request.OpenIdName),
            request.OpenIdOrganizationId, roles);
        return
        [
            new AuditChange("openIdAuthority", before.OpenIdAuthority, config.OpenIdAuthority),
            new AuditChange("openIdClientId", before.OpenIdClientId, config.OpenIdClientId),
            new AuditChange("openIdOrganizationId", before.OpenIdOrganizationId, config.OpenIdOrganizationId),
            .. before.Roles.SequenceEqual(roles.ToList()) ? [] : (AuditChange[])[new("openIdRoles", before.Roles, roles.ToList())],
            .. secret is null ? [] : (AuditChange[])[AuditChange.Hidden("openIdClientSecret")],
        ];
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
