namespace MetaMessaging.Application.Compliance;

/// <summary>
/// A person has removed the app at Meta: every connection that this person made has to be authorized again. Sees all organizations.
/// </summary>
public sealed record Deauthorize(string? SignedRequest) : IRequest;

internal sealed class DeauthorizeHandler(IAppDbContext db, MetaUserConnections connections)
    : AsyncRequestHandler<Deauthorize>
{
    protected override async Task Handle(Deauthorize request, CancellationToken cancellationToken)
    {
        var userId = await connections.ReadUserIdAsync(request.SignedRequest, cancellationToken);
        await connections.RevokeAsync(userId, forget: false, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }
}
