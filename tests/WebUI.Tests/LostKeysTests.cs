using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class LostKeysTests
{
    [Fact]
    public async Task Without_its_keys_an_app_is_not_ready_and_an_admin_can_enter_the_app_secret_again()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var before = await App.StartAsync(meta);
        using (var admin = await before.SignInAsync()) await AppFixture.ConfigureAsync(before, admin, meta);
        var settings = new Dictionary<string, string?> { ["DataProtection:KeysPath"] = before.Folder.File("other-keys") };
        await using var app = await App.StartAsync(meta, settings, folder: before.Folder);
        using var again = await app.SignInAsync();

        var ready = await again.GetAsync("health/ready");
        Assert.Equal(503, ready.Status);
        Assert.StartsWith("Unhealthy: This node lacks the key of the app secret.", ready.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await again.GetAsync("admin/system-config", ("Accept", "text/html"))).Status);
        await AppFixture.ConfigureAsync(app, again, meta);

        await Until.True(async () => (await again.GetAsync("health/ready")).Status is 200, "the app is ready again");
    }
}
