using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class SystemConfigTests(AppFixture fixture)
{
    [Fact]
    public async Task The_secret_never_leaves_the_server()
    {
        var get = await fixture.Admin.GetAsync("api/admin/system-config");
        var put = await fixture.Admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = SimulatorOptions.DefaultAppId,
            metaMessagingAppSecret = (string?)null,
            metaMessagingVerifyToken = AppFixture.VerifyToken,
        });

        Assert.All([get, put], answer =>
        {
            Assert.Equal(200, answer.Status);
            Assert.True((bool)answer.Json["hasAppSecret"]!);
            Assert.DoesNotContain(SimulatorOptions.DefaultAppSecret, answer.Text, StringComparison.Ordinal);
            Assert.Equal(SimulatorOptions.DefaultAppId, (string)answer.Json["metaMessagingAppId"]!);
            Assert.Equal(
                new Uri(fixture.App.Address, "integrations/meta-messaging/webhook").ToString(), (string)answer.Json["webhookUrl"]!);
            Assert.Equal(
                new Uri(fixture.App.Address, "integrations/meta-messaging/oauth/callback").ToString(),
                (string)answer.Json["oauthRedirectUrl"]!);
        });
    }

    [Theory]
    [InlineData("", "token")]
    [InlineData("42", "")]
    public async Task An_empty_app_id_or_token_is_400(string appId, string token)
    {
        var answer = await fixture.Admin.PutAsync(
            "api/admin/system-config", new { metaMessagingAppId = appId, metaMessagingVerifyToken = token });

        Assert.Equal((400, "validation_failed"), (answer.Status, answer.Code));
        var (field, label) = appId is "" ? ("metaMessagingAppId", "App ID") : ("metaMessagingVerifyToken", "Verify token");
        Assert.Equal($"'{label}' must not be empty.", (string)answer.Json["errors"]![field]![0]!);
    }

    [Fact]
    public async Task An_organizations_admin_is_no_system_administrator()
    {
        var tenant = await fixture.App.CreateTenantAsync();

        Assert.Equal(403, (await tenant.Admin.Api.GetAsync("api/admin/system-config")).Status);
    }

    [Fact]
    public async Task Until_it_is_complete_nothing_can_be_connected()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();

        var config = await admin.GetAsync("api/admin/system-config");
        var url = await admin.GetAsync("api/integrations/meta/oauth-url");

        Assert.False((bool)config.Json["hasAppSecret"]!);
        Assert.NotEmpty((string)config.Json["metaMessagingVerifyToken"]!);
        Assert.Equal((409, "meta_not_configured"), (url.Status, url.Code));
        Assert.False((bool)(await admin.GetAsync("api/integrations/meta/status")).Json["configured"]!);
    }
}
