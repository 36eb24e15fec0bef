namespace MetaMessaging.Application.UserAccounts;

/// <summary>Asks a browser for a passkey to sign in with.</summary>
[NotAudited("It changes nothing.")]
public sealed record StartPasskeySignIn : IRequest<PasskeyChallenge>;

internal sealed class StartPasskeySignInHandler(IPasskeys passkeys) : IRequestHandler<StartPasskeySignIn, PasskeyChallenge>
{
    public Task<PasskeyChallenge> Handle(StartPasskeySignIn request, CancellationToken cancellationToken) =>
        passkeys.StartSignInAsync(cancellationToken);
}
