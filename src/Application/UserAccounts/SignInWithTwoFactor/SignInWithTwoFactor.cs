namespace MetaMessaging.Application.UserAccounts;

/// <summary>Completes a sign-in with a code of the authenticator app, or a recovery code. Each works once.</summary>
/// <param name="TwoFactorToken">From the answer to <see cref="SignIn"/>.</param>
[NotAudited("StartSession records the success.")]
public sealed record SignInWithTwoFactor(string? TwoFactorToken, string? Code) : IRequest<UserAccount>;

internal sealed class SignInWithTwoFactorValidator : AbstractValidator<SignInWithTwoFactor>
{
    public SignInWithTwoFactorValidator()
    {
        RuleFor(s => s.TwoFactorToken).NotEmpty();
        RuleFor(s => s.Code).NotEmpty().MaximumLength(32);
    }
}

internal sealed class SignInWithTwoFactorHandler(ITwoFactor twoFactor, ISignInLimit limit)
    : IRequestHandler<SignInWithTwoFactor, UserAccount>
{
    public async Task<UserAccount> Handle(SignInWithTwoFactor request, CancellationToken cancellationToken)
    {
        limit.EnsureAllowed();
        if (await twoFactor.CheckAsync(request.TwoFactorToken!, request.Code!, cancellationToken) is { } user) return user;

        limit.RecordFailure();
        throw new UnauthenticatedException("The code is wrong, was used already, or the sign-in took longer than five minutes.");
    }
}
