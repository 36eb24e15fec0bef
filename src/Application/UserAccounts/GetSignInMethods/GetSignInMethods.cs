namespace MetaMessaging.Application.UserAccounts;

/// <summary>By what the caller signs in, besides the password.</summary>
public sealed record GetSignInMethods : IRequest<SignInMethods>;

/// <param name="RecoveryCodes">How many are left.</param>
public sealed record SignInMethods(bool HasAuthenticator, int RecoveryCodes, IReadOnlyList<PasskeyModel> Passkeys)
{
    public bool HasTwoFactor => HasAuthenticator || Passkeys.Count > 0;
}

internal sealed class GetSignInMethodsHandler(ITwoFactor twoFactor, IPasskeys passkeys, ICaller caller)
    : IRequestHandler<GetSignInMethods, SignInMethods>
{
    public async Task<SignInMethods> Handle(GetSignInMethods request, CancellationToken cancellationToken)
    {
        var state = await twoFactor.GetStateAsync(caller.UserId, cancellationToken);
        return new SignInMethods(
            state.HasAuthenticator, state.RecoveryCodes, await passkeys.ListAsync(caller.UserId, cancellationToken));
    }
}
