using MetaMessaging.Domain.Compliance;

namespace MetaMessaging.Application.Compliance;

/// <summary>
/// A person who once connected a Page asks Meta that this be forgotten: tokens and the id at Meta are deleted in every organization. The id
/// is app-scoped and therefore never a customer's. Sees all organizations.
/// </summary>
public sealed record DeleteMetaUserData(string? SignedRequest) : IRequest<DataDeletionReceipt>;

/// <summary>What Meta shows to the person (platform reference, OAuth → signed_request).</summary>
public sealed record DataDeletionReceipt(Uri Url, string ConfirmationCode);

internal sealed class DeleteMetaUserDataHandler(
    IAppDbContext db, MetaUserConnections connections, AuditLog audit, IPublicAddress address, TimeProvider clock)
    : IRequestHandler<DeleteMetaUserData, DataDeletionReceipt>
{
    public async Task<DataDeletionReceipt> Handle(DeleteMetaUserData request, CancellationToken cancellationToken)
    {
        var userId = await connections.ReadUserIdAsync(request.SignedRequest, cancellationToken);
        var code = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);
        var count = await connections.RevokeAsync(userId, forget: true, cancellationToken);
        db.DataDeletions.Add(new DataDeletion(code, count, clock.GetUtcNow()));
        audit.Record(null, AuditActor.System, AuditActions.DataDeletionRequested, new AuditTarget("dataDeletion", code));
        await db.SaveChangesAsync(cancellationToken);
        await db.PurgeWriteAheadLogAsync(CancellationToken.None);
        return new DataDeletionReceipt(new Uri(address.BaseUrl, $"integrations/meta-messaging/data-deletion/{code}"), code);
    }
}
