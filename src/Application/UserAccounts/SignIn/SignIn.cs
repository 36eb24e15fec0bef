namespace MetaMessaging.Application.UserAccounts;

/// <summary>Checks an e-mail address and a password. After five failures the account is locked for five minutes.</summary>
[NotAudited("StartSession records the success, and IUserAccounts the failure.")]
public sealed record SignIn(string? Email, string? Password) : IRequest<UserAccount>;

internal sealed class SignInValidator : AbstractValidator<SignIn>
{
    public SignInValidator()
    {
        RuleFor(s => s.Email).NotEmpty().WithName("E-mail address");
        RuleFor(s => s.Password).NotEmpty();
    }
}

internal sealed class SignInHandler(IUserAccounts accounts, ITwoFactor twoFactor, ISignInLimit limit)
    : IRequestHandler<SignIn, UserAccount>
{
    /// <exception cref="TwoFactorRequiredException">The password is right, and the account has a second factor.</exception>
    public async Task<UserAccount> Handle(SignIn request, CancellationToken cancellationToken)
    {
        limit.EnsureAllowed();
        if (await accounts.CheckPasswordAsync(request.Email!, request.Password!, cancellationToken) is { } user)
        {
            return user.HasTwoFactor
                ? throw new TwoFactorRequiredException(await twoFactor.IssueTokenAsync(user.Id, cancellationToken))
                : user;
        }

        limit.RecordFailure();
        throw new UnauthenticatedException("The e-mail address or the password is wrong.");
    }
}
