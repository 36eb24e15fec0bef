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
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"), Reply.Sample("oauth-long-lived"));
        Meta.On("GET /v25.0/me", Reply.Sample("me"));
        Meta.On("GET /v25.0/me/permissions", Reply.Sample("me-permissions-declined"));

        var grant = await OAuth.ExchangeCodeAsync("the+code", RedirectUri, Cancellation);

        Assert.Equal(SyntheticToken + "long", grant.AccessToken);
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
            (Meta.Calls[1].Field("grant_type"), Meta.Calls[1].Field("fb_exchange_token")));
    }

    [Fact]
    public async Task When_the_extension_is_refused_the_short_lived_token_is_used()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"), Reply.Sample("error-100-invalid-parameter", 400));
        Meta.On("GET /v25.0/me", Reply.Sample("error-10-permission", 400));
        Meta.On("GET /v25.0/me/permissions", Reply.Sample("error-10-permission", 400));

        var grant = await OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation);

        Assert.Equal(new UserGrant(SyntheticToken + "short", null, null), grant);
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
        Meta.On("POST /v25.0/debug_token", Reply.Sample("debug-token-page-never-expires"));

        var inspection = await OAuth.InspectTokenAsync(PageToken, Cancellation);

        Assert.Equal(new TokenInspection(true, null, DateTimeOffset.FromUnixTimeSeconds(1767776000), null), inspection);
        Assert.Equal($"Bearer {KnownMetaApp.AppId}|{KnownMetaApp.AppSecret}", Meta.Calls[0].Authorization);
        Assert.Equal(("get", PageToken, ""), (Meta.Calls[0].Field("method"), Meta.Calls[0].Field("input_token"), Meta.Calls[0].Query));
    }

    [Theory]
    [InlineData("error-100-33-unsupported-get", 400)]
    [InlineData("error-2500-bad-path", 400)]
    [InlineData(null, 405)]
    public async Task When_Meta_refuses_the_form_the_address_is_used_from_then_on(string? sample, int status)
    {
        Meta.On("POST /v25.0/debug_token", sample is null ? Reply.Status(status) : Reply.Sample(sample, status));
        Meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-user"));

        await OAuth.InspectTokenAsync(PageToken, Cancellation);
        await OAuth.InspectTokenAsync(PageToken, Cancellation);

        Assert.Equal(["POST", "GET", "GET"], Meta.Calls.Select(c => c.Method));
        Assert.All(Meta.Calls.Skip(1), call => Assert.Equal(PageToken, call.Parameter("input_token")));
        Assert.Single(Logged.Split('\n'), line => line.StartsWith("Meta refuses the form of debug_token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_Meta_refuses_the_forms_of_the_exchange_the_address_is_used()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Json("""{"error":{"code":101,"message":"Missing client_id parameter."}}""", 400));
        Meta.On("GET /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"), Reply.Sample("oauth-long-lived"));

        var grant = await OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation);

        Assert.Equal(SyntheticToken + "long", grant.AccessToken);
        Assert.Equal(["POST", "GET", "POST", "GET"], Meta.Calls.Take(4).Select(c => c.Method));
        Assert.Equal("code", Meta.Calls[1].Parameter("code"));
        Assert.Equal("fb_exchange_token", Meta.Calls[3].Parameter("grant_type"));
    }

    [Theory]
    [InlineData("error-oauth-1-client-secret")]
    [InlineData("error-oauth-101-app-id")]
    [InlineData("error-oauth-36008-redirect-mismatch")]
    public async Task A_refusal_of_what_the_form_says_puts_no_secret_into_an_address(string sample)
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample(sample, 400));

        await Refused(() => OAuth.ExchangeCodeAsync("code", RedirectUri, Cancellation));

        Assert.Equal("POST", Assert.Single(Meta.Calls).Method);
    }

    [Fact]
    public async Task An_inspection_is_repeated_like_a_read()
    {
        Meta.On("POST /v25.0/debug_token", Reply.Status(503), Reply.Sample("debug-token-user"));

        Assert.True((await OAuth.InspectTokenAsync(PageToken, Cancellation)).IsValid);
    }

    [Fact]
    public async Task An_invalid_token_is_explained()
    {
        Meta.On("POST /v25.0/debug_token", Reply.Sample("debug-token-invalid"));

        var inspection = await OAuth.InspectTokenAsync(PageToken, Cancellation);

        Assert.False(inspection.IsValid);
        Assert.Equal("The person who connected has changed their Facebook password. Reconnect the Page.", inspection.Problem);
    }

    [Fact]
    public async Task A_refused_app_token_is_no_verdict_on_the_inspected_token()
    {
        Meta.On("POST /v25.0/debug_token", Reply.Sample("error-190-invalid-token", 401));

        var refused = await Refused(() => OAuth.InspectTokenAsync(PageToken, Cancellation));

        Assert.Equal(RefusalClass.Parameter, refused.Class);
        Assert.Contains("System Config", refused.Title, StringComparison.Ordinal);
    }
}
