namespace MetaMessaging.Application.UserAccounts;

/// <summary>Removes the caller's authenticator app.</summary>
public sealed record DisableTwoFactor : IRequest;

internal sealed class DisableTwoFactorHandler(IAppDbContext db, ITwoFactor twoFactor, ICaller caller, AuditLog audit)
    : AsyncRequestHandler<DisableTwoFactor>
{
    protected override Task Handle(DisableTwoFactor request, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            if (!await twoFactor.DisableAsync(caller.UserId, token)) return;
            audit.Record(AuditActions.TwoFactorDisabled, AuditTarget.User(caller.UserId, caller.Name));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
