namespace MetaMessaging.Application.UserAccounts;

/// <summary>Creates the key of an authenticator app for the caller. It counts once a code of it was confirmed.</summary>
[NotAudited("It changes nothing before ConfirmTwoFactor.")]
public sealed record StartTwoFactor : IRequest<AuthenticatorKey>;

internal sealed class StartTwoFactorHandler(ITwoFactor twoFactor, ICaller caller) : IRequestHandler<StartTwoFactor, AuthenticatorKey>
{
    public Task<AuthenticatorKey> Handle(StartTwoFactor request, CancellationToken cancellationToken) =>
        twoFactor.CreateKeyAsync(caller.UserId, cancellationToken);
}
