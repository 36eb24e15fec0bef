using MediatR;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Application.People;

/// <summary>Renews what was issued to a person, unless they are gone or everything of theirs was revoked.</summary>
public sealed record RefreshSignIn(long UserId, string? SecurityStamp) : IRequest<Person>;

internal sealed class RefreshSignInHandler(IUserAccounts people) : IRequestHandler<RefreshSignIn, Person>
{
    public async Task<Person> Handle(RefreshSignIn request, CancellationToken cancellationToken) =>
        await people.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
}
