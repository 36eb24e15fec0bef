namespace MetaMessaging.Application.UserAccounts;

/// <summary>Replaces the caller's recovery codes, of which some were used or seen by others.</summary>
public sealed record RenewRecoveryCodes : IRequest<TwoFactorCodes>;

internal sealed class RenewRecoveryCodesHandler(IAppDbContext db, ITwoFactor twoFactor, ICaller caller, AuditLog audit)
    : IRequestHandler<RenewRecoveryCodes, TwoFactorCodes>
{
    public async Task<TwoFactorCodes> Handle(RenewRecoveryCodes request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> codes = [];
        await db.SaveChangesAsync(
            async token =>
            {
                codes = await twoFactor.RenewRecoveryCodesAsync(caller.UserId, token);
                audit.Record(AuditActions.RecoveryCodesRenewed, AuditTarget.User(caller.UserId, caller.Name));
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return new TwoFactorCodes(codes);
    }
}
