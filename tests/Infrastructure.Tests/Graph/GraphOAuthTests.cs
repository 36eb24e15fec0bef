using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphOAuthTests : GraphTest
{
    [Fact]
    public void The_dialog_asks_for_every_permission_and_carries_the_state()
    {
        var url = OAuth.DialogUrl("123", RedirectUri, "s+t/a=te");

        Assert.Equal(
            $"{Meta.Address}v25.0/dialog/oauth?client_id=123"
            + "&redirect_uri=https%3A%2F%2Fgw.example%2Fintegrations%2Fmeta-messaging%2Foauth%2Fcallback"
            + "&state=s%2Bt%2Fa%3Dte&response_type=code"
            + $"&scope={string.Join("%2C", MetaPermissions.All)}",
            url.AbsoluteUri);
    }

    [Fact]
    public void A_login_configuration_replaces_the_permissions()
    {
        using var configured = Services(Meta.Address, ("Meta:LoginConfigId", "4711"));

        var url = configured.GetRequiredService<IMetaOAuth>().DialogUrl("123", RedirectUri, "state").Query;

        Assert.Contains("&config_id=4711", url, StringComparison.Ordinal);
        Assert.DoesNotContain("scope=", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_exchanged_for_a_long_lived_token_with_its_owner_and_permissions()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"));
        Meta.On("GET /v25.0/oauth/access_token", Reply.Sample("oauth-long-lived"));
        Meta.On("GET /v25.0/me", Reply.Sample("me"));
        Meta.On("GET /v25.0/me/permissions", Reply.Sample("me-permissions-declined"));

        var grant = await OAuth.ExchangeCodeAsync("the+code", RedirectUri, Cancellation);

        Assert.Equal(SyntheticToken + "long", grant.AccessToken);
        Assert.Equal(Now.AddSeconds(5183944), grant.ExpiresAt);
        Assert.Equal("122100000000000001", grant.MetaUserId);
        Assert.Equal(["pages_show_list", "pages_messaging", "public_profile"], grant.GrantedPermissions);

        var exchange = Meta.Calls[0];
        Assert.Equal("application/x-www-form-urlencoded", exchange.ContentType?.Split(';')[0]);
        Assert.Equal(
            $"client_id={KnownMetaApp.AppId}&client_secret={KnownMetaApp.AppSecret}"
            + $"&redirect_uri={Uri.EscapeDataString(RedirectUri.AbsoluteUri)}&code=the%2Bcode",
            exchange.Body);
        Assert.Equal(
            ("fb_exchange_token", SyntheticToken + "short"),
            (Meta.Calls[1].Parameter("grant_type"), Meta.Calls[1].Parameter("fb_exchange_token")));
    }

    [Fact]
    public async Task When_the_extension_is_refused_the_short_lived_token_is_used()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"));
        Meta.On("GET /v25.0/oauth/access_token", Reply.Sample("error-100-invalid-parameter", 400));
        Meta.On("GET /v25.0/me", Reply.Sample("error-10-permission", 400));
        Meta.On("GET /v25.0/me/permissions", Reply.Sample("error-10-permission", 400));

        var grant = await OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation);

        Assert.Equal(new UserGrant(SyntheticToken + "short", Now.AddSeconds(5180), null, null), grant);
    }

    [Fact]
    public async Task A_token_without_a_lifetime_has_no_expiry_date()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange-no-expiry"));
        Meta.On("GET /v25.0/oauth/access_token", Reply.Sample("error-100-invalid-parameter", 400));

        Assert.Null((await OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation)).ExpiresAt);
    }

    [Fact]
    public async Task A_refused_code_is_not_tried_again()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("error-oauth-36009-code-used", 400));

        var refused = await Refused(() => OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation));

        Assert.Contains("start the connection again", refused.Title, StringComparison.Ordinal);
        Assert.Single(Meta.Calls);
    }

    [Fact]
    public async Task A_valid_token_is_inspected_with_its_expiry_dates()
    {
        Meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-page-never-expires"));

        var inspection = await OAuth.InspectTokenAsync(PageToken, Cancellation);

        Assert.Equal(new TokenInspection(true, null, DateTimeOffset.FromUnixTimeSeconds(1767776000), null), inspection);
        Assert.Equal($"Bearer {KnownMetaApp.AppId}|{KnownMetaApp.AppSecret}", Meta.Calls[0].Authorization);
        Assert.Equal(PageToken, Meta.Calls[0].Parameter("input_token"));
    }

    [Fact]
    public async Task An_invalid_token_is_explained()
    {
        Meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-invalid"));

        var inspection = await OAuth.InspectTokenAsync(PageToken, Cancellation);

        Assert.False(inspection.IsValid);
        Assert.Equal("The person who connected has changed their Facebook password. Reconnect the Page.", inspection.Problem);
    }

    [Fact]
    public async Task A_refused_app_token_is_no_verdict_on_the_inspected_token()
    {
        Meta.On("GET /v25.0/debug_token", Reply.Sample("error-190-invalid-token", 401));

        var refused = await Refused(() => OAuth.InspectTokenAsync(PageToken, Cancellation));

        Assert.Equal(RefusalClass.Parameter, refused.Class);
        Assert.Contains("System Config", refused.Title, StringComparison.Ordinal);
    }
}
