namespace MetaMessaging.Infrastructure.Graph;

/// <summary>The Meta app's id and secret from System Config.</summary>
internal sealed record AppCredentials(string AppId, string AppSecret)
{
    public string AppToken => $"{AppId}|{AppSecret}";

    /// <exception cref="GraphException">System Config is incomplete.</exception>
    public static async Task<AppCredentials> ReadAsync(IMetaApp metaApp, CancellationToken cancellationToken)
    {
        var app = await metaApp.GetAsync(cancellationToken);
        return app.IsComplete ? new(app.AppId!, app.AppSecret!) : throw new GraphException(GraphErrors.NotConfigured());
    }
}
