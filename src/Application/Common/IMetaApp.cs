namespace MetaMessaging.Application.Common;

/// <summary>System Config as it is now, at hand without a query: the webhook asks for it at every delivery.</summary>
public interface IMetaApp
{
    ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken);

    /// <summary>Somebody saved it: read it anew.</summary>
    void Invalidate();
}

/// <param name="AppSecret">Null while System Config is incomplete, or when its key is lost.</param>
public sealed record MetaAppSettings(string? AppId, string? AppSecret, string VerifyToken)
{
    public bool IsComplete => AppId is { Length: > 0 } && AppSecret is { Length: > 0 };
}
