namespace MetaMessaging.Application.ApiKeys;

/// <summary>Deletes an API key. The next call with it is refused, because every call looks the key up.</summary>
public sealed record DeleteApiKey(long Id) : IRequest;

internal sealed class DeleteApiKeyHandler(IAppDbContext db, AuditLog audit, ILiveConnections live) : AsyncRequestHandler<DeleteApiKey>
{
    protected override async Task Handle(DeleteApiKey request, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("api_key_not_found");
        db.ApiKeys.Remove(key);
        audit.Record(AuditActions.ApiKeyDeleted, AuditTarget.Of(key, key.Name));
        await db.SaveChangesAsync(cancellationToken);
        live.Close(new LiveCaller(SessionId: null, key.Id));
    }
}
