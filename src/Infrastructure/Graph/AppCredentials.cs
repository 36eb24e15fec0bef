namespace MetaMessaging.Infrastructure.Graph;

internal sealed record AppCredentials(string AppId, string AppSecret)
{
    public string AppToken => $"{AppId}|{AppSecret}";

    public static async Task<AppCredentials> ReadAsync(IMetaApp metaApp, CancellationToken cancellationToken)
    {
        var app = await metaApp.GetAsync(cancellationToken);
        return app.IsComplete ? new(app.AppId!, app.AppSecret!) : throw new GraphException(GraphErrors.NotConfigured());
    }
}
