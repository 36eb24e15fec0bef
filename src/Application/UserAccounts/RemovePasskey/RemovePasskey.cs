namespace MetaMessaging.Application.UserAccounts;

/// <summary>Removes one of the caller's passkeys.</summary>
public sealed record RemovePasskey(string Id) : IRequest;

internal sealed class RemovePasskeyHandler(IAppDbContext db, IPasskeys passkeys, ICaller caller, AuditLog audit)
    : AsyncRequestHandler<RemovePasskey>
{
    protected override Task Handle(RemovePasskey request, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            var name = await passkeys.RemoveAsync(caller.UserId, request.Id, token) ?? throw new NotFoundException("passkey_not_found");
            audit.Record(
                AuditActions.PasskeyRemoved, AuditTarget.User(caller.UserId, caller.Name), new AuditChange("passkey", name, null));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
