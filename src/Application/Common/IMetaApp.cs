namespace MetaMessaging.Application.Common;

/// <summary>The Meta app's settings from System Config, kept in memory because every webhook delivery needs them.</summary>
public interface IMetaApp
{
    ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken);

    void Invalidate();
}

/// <param name="AppSecret">Null while System Config is incomplete, and when the key it was encrypted with is lost.</param>
public sealed record MetaAppSettings(string? AppId, string? AppSecret, string VerifyToken)
{
    public bool IsComplete => AppId is { Length: > 0 } && AppSecret is { Length: > 0 };
}
