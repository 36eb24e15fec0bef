using MetaMessaging.MetaSimulator;

namespace MetaMessaging.Testing;

/// <summary>
/// The app and the simulator, configured for each other. Test classes share them; each creates its own organizations, so that none
/// sees another's rows.
/// </summary>
public sealed class AppFixture : IAsyncLifetime
{
    public const string VerifyToken = "a verify token";

    public App App { get; private set; } = null!;

    public Simulator Meta { get; private set; } = null!;

    /// <summary>The system administrator, who has every role in the first organization.</summary>
    public ApiClient Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Meta = await Simulator.StartAsync();
        App = await App.StartAsync(Meta);
        Admin = await App.SignInAsync();
        await ConfigureAsync(App, Admin, Meta);
    }

    /// <summary>Fills in System Config, and the settings of the simulated Meta app.</summary>
    public static async Task ConfigureAsync(App app, ApiClient admin, Simulator meta)
    {
        var saved = await admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = SimulatorOptions.DefaultAppId,
            metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret,
            metaMessagingVerifyToken = VerifyToken,
        });
        if (saved.Status is not 200) throw new InvalidOperationException($"System Config was refused: {saved}");

        var redirectUri = new Uri(app.Address, "integrations/meta-messaging/oauth/callback").ToString();
        await meta.Control.ConfigureAsync(new { app = new { redirectUris = new[] { redirectUri } } });
        await meta.Control.SetWebhookAsync(new Uri(app.Address, "integrations/meta-messaging/webhook").ToString(), VerifyToken);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await App.DisposeAsync();
        await Meta.DisposeAsync();
    }
}
