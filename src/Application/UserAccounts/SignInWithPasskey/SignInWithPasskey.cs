namespace MetaMessaging.Application.UserAccounts;

/// <summary>Signs in with a passkey. No second factor is asked for: the device has checked who holds it.</summary>
[NotAudited("StartSession records the success.")]
public sealed record SignInWithPasskey(string? Credential, string? State) : IRequest<UserAccount>;

internal sealed class SignInWithPasskeyHandler(IPasskeys passkeys, ISignInLimit limit) : IRequestHandler<SignInWithPasskey, UserAccount>
{
    public async Task<UserAccount> Handle(SignInWithPasskey request, CancellationToken cancellationToken)
    {
        limit.EnsureAllowed();
        var answer = new PasskeyAnswer(request.Credential ?? "", request.State ?? "");
        if (await passkeys.CheckAsync(answer, cancellationToken) is { } user) return user;

        limit.RecordFailure();
        throw new UnauthenticatedException("The passkey was not accepted.");
    }
}
