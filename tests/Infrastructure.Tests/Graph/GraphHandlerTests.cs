using System.Security.Cryptography;
using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphHandlerTests : GraphTest
{
    [Fact]
    public async Task A_read_is_tried_three_times()
    {
        Meta.On($"GET /v25.0/{Psid}", Reply.Status(503), Reply.Drop, Reply.Sample("profile-messenger"));

        Assert.Equal("Peter Chang", (await Profiles.GetProfileAsync(OnMessenger, Cancellation)).Name);
        Assert.Equal(3, Meta.Calls.Count);
    }

    [Fact]
    public async Task A_read_with_all_its_retries_ends_after_ten_seconds()
    {
        Meta.On($"GET /v25.0/{Psid}", Reply.Status(503), Reply.Silence);

        var reading = Refused(() => Profiles.GetProfileAsync(OnMessenger, Cancellation));
        await Until.True(() => Meta.Calls.Count == 2, "the second try has arrived");
        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((RefusalClass.Transient, "No answer within 10 s."), ((await reading).Class, (await reading).Detail));
    }

    [Fact]
    public async Task Every_call_carries_appsecret_proof_and_no_token_is_in_an_address_or_a_log()
    {
        Meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"), Reply.Sample("oauth-long-lived"));
        Meta.On("GET /v25.0/me", Reply.Sample("me"));
        Meta.On("GET /v25.0/me/permissions", Reply.Sample("me-permissions"));
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-empty"));
        Meta.On("POST /v25.0/debug_token", Reply.Sample("debug-token-user"));
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));
        Meta.On($"DELETE /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-delete"));
        Meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("app-subscriptions-get"));
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));
        Meta.On($"GET /v25.0/{Page}/conversations", Reply.Json("""{"data":[{"id":"t_1"}]}"""));
        Meta.On("GET /v25.0/t_1", Reply.Sample("conversation-messages-messenger"));
        Meta.On($"GET /v25.0/{Psid}", Reply.Status(500), Reply.Sample("profile-messenger"));

        var grant = await OAuth.ExchangeCodeAsync("the-dialogs-code", RedirectUri, Cancellation);
        await Pages.ListPagesAsync(grant.AccessToken, Cancellation);
        await OAuth.InspectTokenAsync(PageToken, Cancellation);
        await Pages.SubscribePageAsync(Page, PageToken, Cancellation);
        await Pages.UnsubscribePageAsync(Page, PageToken, Cancellation);
        await Pages.CheckAppSubscriptionsAsync(WebhookUrl, true, Cancellation);
        await Messages.SendAsync(OnMessenger, new OutgoingMessage("Hello", "mm:1"), Cancellation);
        await Messages.MarkSeenAsync(OnMessenger, Cancellation);
        await AsTimePasses(Messages.ListRecentMessagesAsync(OnMessenger, Cancellation));
        await Profiles.GetProfileAsync(OnMessenger, Cancellation);

        foreach (var call in Meta.Calls.Where(c => c.Path != "/v25.0/oauth/access_token"))
        {
            Assert.StartsWith("Bearer ", call.Authorization, StringComparison.Ordinal);
            var proof = call.Parameter("appsecret_proof") ?? call.Field("appsecret_proof");
            Assert.Equal(Proof(call.Authorization!["Bearer ".Length..]), proof);
        }

        foreach (var secret in new[] { "EAAB", KnownMetaApp.AppSecret, "the-dialogs-code" })
            Assert.All(Meta.Calls, call => Assert.DoesNotContain(secret, call.Address, StringComparison.Ordinal));
        Assert.DoesNotContain("EAAB", Logged, StringComparison.Ordinal);
        Assert.DoesNotContain(KnownMetaApp.AppSecret, Logged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Meta:GraphVersion", "25.0")]
    [InlineData("Meta:GraphVersion", "v25.0\n")]
    [InlineData("Meta:GraphVersion", "v25.0/../x")]
    [InlineData("Meta:GraphBaseUrl", "ftp://graph.facebook.com")]
    [InlineData("Meta:SendTimeout", "00:00:30")]
    public void Unusable_settings_are_refused_at_start(string key, string value)
    {
        using var wrong = Services(Meta.Address, (key, value));

        Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<IOptions<GraphOptions>>().Value);
    }

    private static string Proof(string token) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(KnownMetaApp.AppSecret), Encoding.UTF8.GetBytes(token)));
}
