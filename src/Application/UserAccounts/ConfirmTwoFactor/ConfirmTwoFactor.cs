using FluentValidation.Results;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Switches the caller's second factor on, with a code that proves that the authenticator app has the key.</summary>
public sealed record ConfirmTwoFactor(string? Code) : IRequest<TwoFactorCodes>;

/// <param name="RecoveryCodes">Each signs in once in place of the authenticator app. They cannot be shown again.</param>
public sealed record TwoFactorCodes(IReadOnlyList<string> RecoveryCodes);

internal sealed class ConfirmTwoFactorValidator : AbstractValidator<ConfirmTwoFactor>
{
    public ConfirmTwoFactorValidator() => RuleFor(c => c.Code).NotEmpty().MaximumLength(32);
}

internal sealed class ConfirmTwoFactorHandler(IAppDbContext db, ITwoFactor twoFactor, ICaller caller, AuditLog audit)
    : IRequestHandler<ConfirmTwoFactor, TwoFactorCodes>
{
    public async Task<TwoFactorCodes> Handle(ConfirmTwoFactor request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> codes = [];
        await db.SaveChangesAsync(
            async token =>
            {
                codes = await twoFactor.EnableAsync(caller.UserId, request.Code!, token) ?? throw new ValidationException(
                    [new ValidationFailure(nameof(ConfirmTwoFactor.Code), "This code is wrong, or its time is over.")]);
                audit.Record(AuditActions.TwoFactorEnabled, AuditTarget.User(caller.UserId, caller.Name));
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return new TwoFactorCodes(codes);
    }
}
