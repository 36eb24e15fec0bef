namespace MetaMessaging.Application.SystemConfiguration;

/// <summary>Saves the Meta app of this installation.</summary>
/// <param name="MetaMessagingAppSecret">Null or empty keeps the stored one.</param>
public sealed record UpdateSystemConfig(
    string? MetaMessagingAppId, string? MetaMessagingAppSecret, string? MetaMessagingVerifyToken) : IRequest;

internal sealed class UpdateSystemConfigValidator : AbstractValidator<UpdateSystemConfig>
{
    public UpdateSystemConfigValidator()
    {
        RuleFor(c => c.MetaMessagingAppId).NotEmpty().MaximumLength(64).WithName("App ID");
        RuleFor(c => c.MetaMessagingAppSecret).MaximumLength(256).WithName("App secret");
        RuleFor(c => c.MetaMessagingVerifyToken).NotEmpty().MaximumLength(256).WithName("Verify token");
    }
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
        audit.Record(null, caller.Actor, AuditActions.SystemConfigChanged, new AuditTarget("systemConfig", null), changes);
        config.Update(appId, secret, verifyToken, now);
        await db.SaveChangesAsync(cancellationToken);
        metaApp.Invalidate();
    }
}
