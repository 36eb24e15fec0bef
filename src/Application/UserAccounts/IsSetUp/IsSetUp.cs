namespace MetaMessaging.Application.UserAccounts;

/// <summary>Whether the first user exists.</summary>
public sealed record IsSetUp : IRequest<bool>;

internal sealed class IsSetUpHandler(IUserAccounts accounts) : IRequestHandler<IsSetUp, bool>
{
    public Task<bool> Handle(IsSetUp request, CancellationToken cancellationToken) => accounts.AnyAsync(cancellationToken);
}
