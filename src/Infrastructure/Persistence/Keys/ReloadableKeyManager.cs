using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Data Protection reads its keys once a day. This makes it read them again when some have been restored or added.</summary>
internal sealed class ReloadableKeyManager(IServiceProvider services) : IKeyManager, IDisposable
{
    private readonly XmlKeyManager keys = ActivatorUtilities.CreateInstance<XmlKeyManager>(services);
    private CancellationTokenSource reload = new();

    public void Reload()
    {
        using var expired = Interlocked.Exchange(ref reload, new CancellationTokenSource());
        expired.Cancel();
    }

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), Volatile.Read(ref reload).Token).Token;

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void Dispose() => reload.Dispose();
}
