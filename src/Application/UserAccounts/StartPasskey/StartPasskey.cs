namespace MetaMessaging.Application.UserAccounts;

/// <summary>Asks the caller's browser for a new passkey.</summary>
[NotAudited("It changes nothing before AddPasskey.")]
public sealed record StartPasskey : IRequest<PasskeyChallenge>;

internal sealed class StartPasskeyHandler(IPasskeys passkeys, ICaller caller) : IRequestHandler<StartPasskey, PasskeyChallenge>
{
    public Task<PasskeyChallenge> Handle(StartPasskey request, CancellationToken cancellationToken) =>
        passkeys.StartAddingAsync(caller.UserId, cancellationToken);
}
