namespace MetaMessaging.Application.UserAccounts;

/// <summary>Finds the user of a refresh token, unless the account was deleted or its tokens were revoked.</summary>
public sealed record RefreshSignIn(long UserId, string? SecurityStamp) : IRequest<UserAccount>;

internal sealed class RefreshSignInHandler(IUserAccounts accounts) : IRequestHandler<RefreshSignIn, UserAccount>
{
    public async Task<UserAccount> Handle(RefreshSignIn request, CancellationToken cancellationToken) =>
        await accounts.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
}
