using MediatR;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Application.People;

/// <summary>Whether anybody can sign in yet.</summary>
public sealed record IsSetUp : IRequest<bool>;

internal sealed class IsSetUpHandler(IUserAccounts people) : IRequestHandler<IsSetUp, bool>
{
    public Task<bool> Handle(IsSetUp request, CancellationToken cancellationToken) => people.AnyAsync(cancellationToken);
}
