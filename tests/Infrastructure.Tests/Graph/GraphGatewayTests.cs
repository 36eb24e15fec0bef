using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphGatewayTests : IAsyncLifetime
{
    private const string Page = "109876543210987";
    private const string PageToken = "EAABpage";
    private const string UserToken = "EAABuser";
    private const string Psid = "7654321098765432";
    private const string Igsid = "1234567890123456";
    private const string SyntheticToken = "EAABSyntheticTokenDoNotUseSyntheticTokenDoNotUseSyntheticTokenDoNotUse";

    private static readonly Uri RedirectUri = new("https://gw.example/integrations/meta-messaging/oauth/callback");
    private static readonly Uri WebhookUrl = new("https://gw.example/integrations/meta-messaging/webhook");
    private static readonly DateTimeOffset Now = new(2025, 10, 9, 8, 53, 20, TimeSpan.Zero);
    private static readonly Recipient OnMessenger = new(Channel.FacebookMessenger, Page, PageToken, null, Psid);
    private static readonly Recipient OnInstagram = new(Channel.InstagramDm, Page, PageToken, "17841400000000001", Igsid);

    private readonly LogLines logs = new();
    private StubServer meta = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMetaGraph Graph => services.GetRequiredService<IMetaGraph>();

    public async ValueTask InitializeAsync()
    {
        meta = await StubServer.StartAsync();
        services = Services(meta.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public void The_dialog_asks_for_every_permission_and_carries_the_state()
    {
        var url = Graph.DialogUrl("123", RedirectUri, "s+t/a=te");

        Assert.Equal(
            $"{meta.Address}v25.0/dialog/oauth?client_id=123"
            + "&redirect_uri=https%3A%2F%2Fgw.example%2Fintegrations%2Fmeta-messaging%2Foauth%2Fcallback&state=s%2Bt%2Fa%3Dte&response_type=code"
            + $"&scope={string.Join("%2C", MetaPermissions.All)}",
            url.AbsoluteUri);
    }

    [Fact]
    public void A_login_configuration_replaces_the_permissions()
    {
        using var configured = Services(meta.Address, ("Meta:LoginConfigId", "4711"));

        var url = configured.GetRequiredService<IMetaGraph>().DialogUrl("123", RedirectUri, "state").Query;

        Assert.Contains("&config_id=4711", url, StringComparison.Ordinal);
        Assert.DoesNotContain("scope=", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_becomes_a_long_lived_token_and_tells_who_granted_what()
    {
        meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"));
        meta.On("GET /v25.0/oauth/access_token", Reply.Sample("oauth-long-lived"));
        meta.On("GET /v25.0/me", Reply.Sample("me"));
        meta.On("GET /v25.0/me/permissions", Reply.Sample("me-permissions-declined"));

        var grant = await Graph.ExchangeCodeAsync("the+code", RedirectUri, Cancellation);

        Assert.Equal(SyntheticToken + "long", grant.AccessToken);
        Assert.Equal(Now.AddSeconds(5183944), grant.ExpiresAt);
        Assert.Equal("122100000000000001", grant.MetaUserId);
        Assert.Equal(["pages_show_list", "pages_messaging", "public_profile"], grant.GrantedPermissions);

        var exchange = meta.Calls[0];
        Assert.Equal("application/x-www-form-urlencoded", exchange.ContentType?.Split(';')[0]);
        Assert.Equal(
            $"client_id={KnownMetaApp.AppId}&client_secret={KnownMetaApp.AppSecret}&redirect_uri={Uri.EscapeDataString(RedirectUri.AbsoluteUri)}&code=the%2Bcode",
            exchange.Body);
        Assert.Equal(("fb_exchange_token", SyntheticToken + "short"), (meta.Calls[1].Parameter("grant_type"), meta.Calls[1].Parameter("fb_exchange_token")));
    }

    [Fact]
    public async Task A_refused_extension_leaves_the_first_token_in_use()
    {
        meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"));
        meta.On("GET /v25.0/oauth/access_token", Reply.Sample("error-100-invalid-parameter", 400));
        meta.On("GET /v25.0/me", Reply.Sample("error-10-permission", 400));
        meta.On("GET /v25.0/me/permissions", Reply.Sample("error-10-permission", 400));

        var grant = await Graph.ExchangeCodeAsync("code", RedirectUri, Cancellation);

        Assert.Equal(new UserGrant(SyntheticToken + "short", Now.AddSeconds(5180), null, null), grant);
    }

    [Fact]
    public async Task A_token_without_a_lifetime_has_no_known_end()
    {
        meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange-no-expiry"));
        meta.On("GET /v25.0/oauth/access_token", Reply.Sample("error-100-invalid-parameter", 400));

        Assert.Null((await Graph.ExchangeCodeAsync("code", RedirectUri, Cancellation)).ExpiresAt);
    }

    [Fact]
    public async Task A_refused_code_is_not_tried_again()
    {
        meta.On("POST /v25.0/oauth/access_token", Reply.Sample("error-oauth-36009-code-used", 400));

        var refused = await Refused(() => Graph.ExchangeCodeAsync("code", RedirectUri, Cancellation));

        Assert.Contains("start the connection again", refused.Title, StringComparison.Ordinal);
        Assert.Single(meta.Calls);
    }

    [Fact]
    public async Task Pages_are_read_to_the_last_page_by_cursor()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-paged-2"));

        var pages = await Graph.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(["109876543210987", "209876543210988"], pages.Select(p => p.PageId));
        Assert.Equal(["bluecup", "bluecupbergen"], pages.Select(p => p.InstagramUsername));
        Assert.Equal([null, "MTA5ODc2NTQzMjEwOTg3"], meta.Calls.Select(c => c.Parameter("after")));
    }

    [Fact]
    public async Task A_list_that_repeats_itself_ends()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"));

        var pages = await Graph.ListPagesAsync(UserToken, Cancellation);

        Assert.Single(pages);
        Assert.Equal(2, meta.Calls.Count);
    }

    [Fact]
    public async Task A_page_without_a_token_is_listed_without_one()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-many-pages"));

        var pages = await Graph.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(4, pages.Count);
        Assert.Null(pages.Single(p => p.PageName == "No token Page").PageAccessToken);
        Assert.Null(pages.Single(p => p.PageName == "Blue Cup Bergen").InstagramAccountId);
    }

    [Fact]
    public async Task A_missing_username_is_asked_for()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Json(
            """{"data":[{"id":109876543210987,"name":"Blue Cup","access_token":"EAABpage","instagram_business_account":{"id":17841400000000001}}]}"""));
        meta.On("GET /v25.0/17841400000000001", Reply.Sample("instagram-username"));

        var page = Assert.Single(await Graph.ListPagesAsync(UserToken, Cancellation));

        Assert.Equal(("109876543210987", "17841400000000001", "bluecup"), (page.PageId, page.InstagramAccountId, page.InstagramUsername));
        Assert.Equal("Bearer EAABpage", meta.Calls[1].Authorization);
    }

    [Fact]
    public async Task An_empty_list_falls_back_to_the_pages_that_the_token_names()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-empty"));
        meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-user"));
        meta.On($"GET /v25.0/{Page}", Reply.Json("""{"id":"109876543210987","name":"Blue Cup","access_token":"EAABpage"}"""));

        var page = Assert.Single(await Graph.ListPagesAsync(UserToken, Cancellation));

        Assert.Equal((Page, "Blue Cup", "EAABpage"), (page.PageId, page.PageName, page.PageAccessToken));
    }

    [Fact]
    public async Task No_page_anywhere_is_an_empty_list()
    {
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-empty"));
        meta.On("GET /v25.0/debug_token", Reply.Sample("error-190-invalid-token", 401));

        Assert.Empty(await Graph.ListPagesAsync(UserToken, Cancellation));
    }

    [Fact]
    public async Task A_living_token_tells_its_times()
    {
        meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-page-never-expires"));

        var inspection = await Graph.InspectTokenAsync(PageToken, Cancellation);

        Assert.Equal(new TokenInspection(true, null, DateTimeOffset.FromUnixTimeSeconds(1767776000), null), inspection);
        Assert.Equal($"Bearer {KnownMetaApp.AppId}|{KnownMetaApp.AppSecret}", meta.Calls[0].Authorization);
        Assert.Equal(PageToken, meta.Calls[0].Parameter("input_token"));
    }

    [Fact]
    public async Task A_dead_token_tells_why()
    {
        meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-invalid"));

        var inspection = await Graph.InspectTokenAsync(PageToken, Cancellation);

        Assert.False(inspection.IsValid);
        Assert.Equal("The person who connected has changed their Facebook password. Reconnect the Page.", inspection.Problem);
    }

    [Fact]
    public async Task A_refused_app_token_says_nothing_about_the_token_in_question()
    {
        meta.On("GET /v25.0/debug_token", Reply.Sample("error-190-invalid-token", 401));

        var refused = await Refused(() => Graph.InspectTokenAsync(PageToken, Cancellation));

        Assert.Equal(RefusalClass.Parameter, refused.Class);
        Assert.Contains("System Config", refused.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribing_asks_for_every_field_and_reads_it_back()
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post-string-true"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));

        Assert.Null(await Graph.SubscribePageAsync(Page, PageToken, Cancellation));

        var fields = meta.Calls[0].Parameter("subscribed_fields")!.Split(',');
        Assert.Contains("message_echoes", fields);
        Assert.DoesNotContain("response_feedback", fields);
    }

    [Theory]
    [InlineData("""(#100) Param subscribed_fields[6] must be one of {messages, message_reads} - got \"message_edits\".""")]
    [InlineData("""(#100) Invalid field message_edits in this version""")]
    public async Task A_field_that_this_version_does_not_know_is_left_out(string words)
    {
        meta.On(
            $"POST /v25.0/{Page}/subscribed_apps",
            Reply.Json("""{"error":{"code":100,"message":"WORDS"}}""".Replace("WORDS", words, StringComparison.Ordinal), 400), Reply.Sample("subscribed-apps-post"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));

        Assert.Null(await Graph.SubscribePageAsync(Page, PageToken, Cancellation));

        var fields = meta.Calls[1].Parameter("subscribed_fields")!.Split(',');
        Assert.Equal(Subscriptions.PageFields.Except(["message_edits"]), fields);
    }

    [Fact]
    public async Task A_refusal_that_names_no_field_ends_the_attempt()
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("error-100-invalid-parameter", 400));

        await Refused(() => Graph.SubscribePageAsync(Page, PageToken, Cancellation));

        Assert.Single(meta.Calls);
    }

    [Fact]
    public async Task A_field_is_dropped_once_at_most()
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Json("""{"error":{"code":100,"message":"subscribed_fields[0] must be"}}""", 400));

        await Refused(() => Graph.SubscribePageAsync(Page, PageToken, Cancellation));

        Assert.Equal(Subscriptions.PageFields.Count, meta.Calls.Count);
    }

    [Theory]
    [InlineData("subscribed-apps-get-empty")]
    [InlineData("subscribed-apps-get-other-app")]
    public async Task A_subscription_that_Meta_does_not_show_is_a_problem(string sample)
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample(sample));

        Assert.Contains("no messages will arrive", await Graph.SubscribePageAsync(Page, PageToken, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_without_receipts_is_a_problem_that_names_them()
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Json(
            """{"data":[{"id":123456789012345,"subscribed_fields":["messages","messaging_postbacks","message_echoes"]}]}"""));

        var problem = await Graph.SubscribePageAsync(Page, PageToken, Cancellation);

        Assert.Contains("message_deliveries, message_reads", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_show_its_subscriptions_counts_as_subscribed()
    {
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("error-200-permission", 403));

        Assert.Null(await Graph.SubscribePageAsync(Page, PageToken, Cancellation));
    }

    [Fact]
    public async Task App_webhooks_that_fit_are_no_problem()
    {
        meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("app-subscriptions-get"));

        Assert.Null(await Graph.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation));
    }

    [Theory]
    [InlineData("""{"data":[]}""", "No webhook is set up")]
    [InlineData("""{"data":[{"object":"page","callback_url":"https://old.example/hook","active":true,"fields":[{"name":"messages"}]}]}""", "points to https://old.example/hook")]
    [InlineData("""{"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook","active":false}]}""", "No webhook is set up")]
    [InlineData(
        """{"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook","active":true,"fields":["messages","messaging_postback"]}]}""",
        "message_deliveries, message_reads, message_echoes")]
    public async Task App_webhooks_that_do_not_fit_are_named(string answer, string problem)
    {
        meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Json(answer));

        Assert.Contains(problem, await Graph.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: false, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instagram_needs_its_own_webhook()
    {
        meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Json(
            """
            {"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook/","active":true,
              "fields":["messages","messaging_postbacks","message_deliveries","message_reads","message_echoes"]}]}
            """));

        Assert.Null(await Graph.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: false, Cancellation));
        Assert.Contains("'instagram'", await Graph.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_webhooks_that_Meta_does_not_show_are_no_problem()
    {
        meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("error-190-invalid-token", 401));

        Assert.Null(await Graph.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation));
    }

    [Fact]
    public async Task Unsubscribing_deletes_the_subscription()
    {
        meta.On($"DELETE /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-delete"));

        await Graph.UnsubscribePageAsync(Page, PageToken, Cancellation);

        Assert.Equal("Bearer EAABpage", Assert.Single(meta.Calls).Authorization);
    }

    [Fact]
    public async Task A_text_goes_out_as_a_response_and_carries_its_metadata_on_Messenger()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));

        var messageId = await Graph.SendAsync(OnMessenger, new OutgoingMessage("Hello \"you\" 👋", "mm:1"), Cancellation);

        Assert.StartsWith("m_yT8DLyHRr", messageId, StringComparison.Ordinal);
        AssertJson(
            """{"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE","message":{"text":"Hello \"you\" 👋","metadata":"mm:1"}}""",
            Assert.Single(meta.Calls).Body);
    }

    [Fact]
    public async Task Instagram_gets_no_metadata()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message-instagram"));

        await Graph.SendAsync(OnInstagram, new OutgoingMessage("Hello", "mm:1"), Cancellation);

        AssertJson(
            """{"recipient":{"id":"1234567890123456"},"messaging_type":"RESPONSE","message":{"text":"Hello"}}""", Assert.Single(meta.Calls).Body);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, "Tasse _ä_ 価格.PNG", false)]
    [InlineData(Channel.InstagramDm, "Tasse _a_.png", true)]
    public async Task An_upload_says_what_it_is_and_where_it_is_for(Channel channel, string fileName, bool namesPlatform)
    {
        meta.On($"POST /v25.0/{Page}/message_attachments", Reply.Json("""{"attachment_id":1857777774821032}"""));
        using var content = new MemoryStream("the bytes"u8.ToArray());

        var id = await Graph.UploadAsync(channel is Channel.InstagramDm ? OnInstagram : OnMessenger, new OutgoingFile("image", "image/png", "Tasse \"ä\" 価格.PNG", content), Cancellation);

        Assert.Equal("1857777774821032", id);
        var call = Assert.Single(meta.Calls);
        Assert.StartsWith("multipart/form-data; boundary=", call.ContentType, StringComparison.Ordinal);
        Assert.Contains("""{"attachment":{"type":"image","payload":{"is_reusable":true}}}""", call.Body, StringComparison.Ordinal);
        Assert.Contains($"form-data; name=\"filedata\"; filename=\"{fileName}\"", call.Body, StringComparison.Ordinal);
        Assert.Contains("Content-Type: image/png", call.Body, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nthe bytes\r\n", call.Body, StringComparison.Ordinal);
        Assert.Equal(namesPlatform, call.Body.Contains("\r\n\r\ninstagram\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_without_an_answer_may_be_repeated()
    {
        meta.On($"POST /v25.0/{Page}/message_attachments", Reply.Silence);
        await using var hasty = Services(meta.Address, ("Meta:UploadTimeout", "00:00:00.2"));
        using var content = new MemoryStream([1]);

        var refused = await Refused(() => hasty.GetRequiredService<IMetaGraph>().UploadAsync(OnMessenger, new OutgoingFile("file", "application/pdf", "a.pdf", content), Cancellation));

        Assert.Equal(RefusalClass.Transient, refused.Class);
    }

    [Fact]
    public async Task A_file_is_sent_by_its_id_and_a_template_as_it_was_composed()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));

        await Graph.SendAsync(OnMessenger, new OutgoingMessage(null, "mm:1", Attachment: new OutgoingAttachment("image", "1745504518999123", null)), Cancellation);
        await Graph.SendAsync(OnMessenger, new OutgoingMessage(null, "mm:2", Attachment: new OutgoingAttachment("template", null, """{"template_type":"button","text":"x"}""")), Cancellation);

        AssertJson(
            """{"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE","message":{"metadata":"mm:1","attachment":{"type":"image","payload":{"attachment_id":"1745504518999123"}}}}""",
            meta.Calls[0].Body);
        AssertJson(
            """{"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE","message":{"metadata":"mm:2","attachment":{"type":"template","payload":{"template_type":"button","text":"x"}}}}""",
            meta.Calls[1].Body);
    }

    [Fact]
    public async Task An_answer_without_a_message_id_leaves_the_outcome_unknown()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend()).Class);
    }

    [Fact]
    public async Task An_answer_of_another_shape_leaves_the_outcome_unknown()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Json("[1]"));

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend()).Class);
    }

    [Fact]
    public async Task A_connection_dropped_after_the_request_leaves_the_outcome_unknown_and_sends_once()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Drop);

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend()).Class);
        Assert.Single(meta.Calls);
    }

    [Fact]
    public async Task A_connection_dropped_on_reuse_does_not_send_twice()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"), Reply.Drop);
        await Graph.SendAsync(OnMessenger, new OutgoingMessage("first", null), Cancellation);

        await RefusedSend();

        Assert.Equal(2, meta.Calls.Count);
    }

    [Fact]
    public async Task Silence_leaves_the_outcome_unknown()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Silence);
        await using var hasty = Services(meta.Address, ("Meta:SendTimeout", "00:00:00.2"));

        var refused = await Refused(() => hasty.GetRequiredService<IMetaGraph>().SendAsync(OnMessenger, new OutgoingMessage("Hello", null), Cancellation));

        Assert.Equal(RefusalClass.OutcomeUnknown, refused.Class);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so_and_not_of_a_refusal()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Silence);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Graph.SendAsync(OnMessenger, new OutgoingMessage("Hello", null), impatient.Token));
    }

    [Fact]
    public async Task Nobody_at_home_is_transient()
    {
        await using var nobody = Services(await ClosedPort());

        var refused = await Refused(() => nobody.GetRequiredService<IMetaGraph>().SendAsync(OnMessenger, new OutgoingMessage("Hello", null), Cancellation));

        Assert.Equal(RefusalClass.Transient, refused.Class);
    }

    [Fact]
    public async Task Without_an_app_secret_nothing_is_asked_of_Meta()
    {
        await using var unconfigured = Services(meta.Address, new KnownMetaApp(appSecret: null));

        var refused = await Refused(() => unconfigured.GetRequiredService<IMetaGraph>().SendAsync(OnMessenger, new OutgoingMessage("Hello", null), Cancellation));

        Assert.Equal((RefusalClass.Transient, RefusalActor.Admin), (refused.Class, refused.Actor));
        Assert.Empty(meta.Calls);
    }

    [Fact]
    public async Task Seen_is_an_action_without_a_message()
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        await Graph.MarkSeenAsync(OnInstagram, Cancellation);

        AssertJson("""{"recipient":{"id":"1234567890123456"},"sender_action":"mark_seen"}""", Assert.Single(meta.Calls).Body);
    }

    [Theory]
    [InlineData(false, "❤️", """{"recipient":{"id":"7654321098765432"},"sender_action":"react","payload":{"message_id":"m_1","reaction":"❤️"}}""")]
    [InlineData(true, "❤️", """{"recipient":{"id":"1234567890123456"},"sender_action":"react","payload":{"message_id":"m_1","reaction":"love"}}""")]
    [InlineData(true, "🎉", """{"recipient":{"id":"1234567890123456"},"sender_action":"react","payload":{"message_id":"m_1","reaction":"🎉"}}""")]
    [InlineData(false, null, """{"recipient":{"id":"7654321098765432"},"sender_action":"unreact","payload":{"message_id":"m_1"}}""")]
    public async Task A_reaction_is_an_action_that_names_its_message(bool onInstagram, string? emoji, string body)
    {
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        await Graph.ReactAsync(onInstagram ? OnInstagram : OnMessenger, "m_1", emoji, Cancellation);

        AssertJson(body, Assert.Single(meta.Calls).Body);
    }

    [Fact]
    public async Task Recent_messages_come_from_the_newest_thread_and_newest_first()
    {
        meta.On($"GET /v25.0/{Page}/conversations", Reply.Json(
            """{"data":[{"id":"t_old","updated_time":"2025-10-08T08:53:20+0000"},{"id":"t_new","updated_time":"2025-10-09T08:53:20+0000"}]}"""));
        meta.On("GET /v25.0/t_new", Reply.Json(
            """
            {"id":"t_new","messages":{"data":[
              {"id":"m_1","created_time":"2025-10-09T08:53:20+0000","from":{"id":"109876543210987"},"message":"one"},
              {"id":"m_2","created_time":"2025-10-09T10:53:25+0200","from":{"id":7654321098765432},"message":""},
              {"id":"m_3","from":{"id":"1"}},
              {"created_time":"2025-10-09T08:53:20+0000"}]}}
            """));

        var messages = await Graph.ListRecentMessagesAsync(OnMessenger, Cancellation);

        Assert.Equal(
            [("m_2", Psid, "", Now.AddSeconds(5)), ("m_1", Page, "one", Now)],
            messages.Select(m => (m.ExternalId, m.FromId, m.Text, m.CreatedAt.ToUniversalTime())));
        Assert.Equal(("messenger", Psid), (meta.Calls[0].Parameter("platform"), meta.Calls[0].Parameter("user_id")));
        Assert.Equal("messages.limit(20){id,created_time,from,message,attachments}", meta.Calls[1].Parameter("fields"));
    }

    [Theory]
    [InlineData("conversation-messages-messenger")]
    [InlineData("conversation-messages-instagram")]
    public async Task Recent_messages_of_both_channels_are_read(string sample)
    {
        meta.On($"GET /v25.0/{Page}/conversations", Reply.Json("""{"data":[{"id":"t_1"}]}"""));
        meta.On("GET /v25.0/t_1", Reply.Sample(sample));

        var messages = await Graph.ListRecentMessagesAsync(OnInstagram, Cancellation);

        Assert.Equal(DateTimeOffset.Parse("2025-10-09T08:53:25Z", System.Globalization.CultureInfo.InvariantCulture), messages[0].CreatedAt);
        Assert.All(messages, message => Assert.NotEmpty(message.FromId));
        Assert.Equal("instagram", meta.Calls[0].Parameter("platform"));
    }

    [Fact]
    public async Task No_thread_means_no_messages()
    {
        meta.On($"GET /v25.0/{Page}/conversations", Reply.Sample("conversations-empty"));

        Assert.Empty(await Graph.ListRecentMessagesAsync(OnMessenger, Cancellation));
    }

    [Fact]
    public async Task A_profile_on_Messenger_has_a_name_and_a_picture()
    {
        meta.On($"GET /v25.0/{Psid}", Reply.Sample("profile-messenger"));

        var profile = await Graph.GetProfileAsync(OnMessenger, Cancellation);

        Assert.Equal(("Peter Chang", null, "platform-lookaside.fbsbx.com"), (profile.Name, profile.Username, profile.PictureUrl?.Host));
        Assert.Equal("first_name,last_name,name,profile_pic", meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task A_profile_on_Instagram_may_have_a_username_only()
    {
        meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram-null-name"));

        var profile = await Graph.GetProfileAsync(OnInstagram, Cancellation);

        Assert.Equal((null, "private_user_77", null), (profile.Name, profile.Username, profile.PictureUrl));
        Assert.Equal("name,username,profile_pic", meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task What_instagram_tells_beyond_the_name_is_asked_for_apart_so_that_a_no_costs_nothing()
    {
        meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram"));
        var whole = await Graph.GetProfileAsync(OnInstagram, Cancellation);
        meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram-null-name"), Reply.Sample("error-100-invalid-parameter", 400));
        var part = await Graph.GetProfileAsync(OnInstagram, Cancellation);

        Assert.NotNull(whole.FollowerCount);
        Assert.Equal((true, true, true), (whole.IsVerified.HasValue, whole.FollowsBusiness.HasValue, whole.FollowedByBusiness.HasValue));
        Assert.Equal(("private_user_77", (int?)null), (part.Username, part.FollowerCount));
        Assert.Equal("is_verified_user,follower_count,is_user_follow_business,is_business_follow_user", meta.Calls[1].Parameter("fields"));
    }

    /// <summary>Every answer to a profile that is documented, and what becomes of the contact (platform reference, Profile API).</summary>
    [Theory]
    [InlineData("profile-messenger", 200, ProfileState.Complete, 7 * 24, null)]
    [InlineData("profile-instagram", 200, ProfileState.Complete, 7 * 24, null)]
    [InlineData("profile-instagram-null-name", 200, ProfileState.Complete, 7 * 24, null)]
    [InlineData("profile-messenger-empty", 200, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("profile-messenger-id-only", 200, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("error-100-2018218-no-profile", 400, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("error-230-user-consent", 400, ProfileState.Unavailable, 0, null)]
    [InlineData("error-9010-no-matching-ig-user", 400, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("error-100-33-unsupported-get", 400, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("error-100-invalid-parameter", 400, ProfileState.Unavailable, 7 * 24, null)]
    [InlineData("error-200-2534041-ig-access-disabled", 400, ProfileState.Unavailable, 7 * 24, "warned")]
    [InlineData("error-10-permission", 400, ProfileState.Unavailable, 7 * 24, "warned")]
    [InlineData("error-200-permission", 403, ProfileState.Unavailable, 7 * 24, "warned")]
    [InlineData("error-190-invalid-token", 401, ProfileState.Pending, null, "expired")]
    [InlineData("error-190-460-password-changed", 400, ProfileState.Pending, null, "expired")]
    [InlineData("error-102-session", 400, ProfileState.Pending, null, "expired")]
    [InlineData("error-4-app-rate", 403, ProfileState.Pending, null, "paused")]
    [InlineData("error-17-user-rate", 403, ProfileState.Pending, null, "paused")]
    [InlineData("error-32-page-rate", 403, ProfileState.Pending, null, "paused")]
    [InlineData("error-613-rate", 400, ProfileState.Pending, null, "paused")]
    [InlineData("error-80001-page-buc", 400, ProfileState.Pending, null, "paused")]
    [InlineData("error-80002-instagram-buc", 400, ProfileState.Pending, null, "paused")]
    [InlineData("error-80006-messenger-buc", 400, ProfileState.Pending, null, "paused")]
    [InlineData("error-2-transient", 500, ProfileState.Pending, null, null)]
    [InlineData("error-1-unknown", 500, ProfileState.Pending, null, null)]
    public async Task A_documented_answer_has_its_consequence(string sample, int status, ProfileState state, int? staleAfterHours, string? connectionIs)
    {
        meta.On($"GET /v25.0/{Igsid}", Reply.Sample(sample, status));
        var contact = Contact.FromInstagram(1, "17841400000000001", Igsid, Now);
        var connection = Some.Connection();

        try
        {
            var profile = await Graph.GetProfileAsync(OnInstagram, Cancellation);
            if (profile.IsEmpty) contact.GiveUpProfile(Now);
            else contact.CompleteProfile(profile.Name ?? profile.Username, null, Now);
        }
        catch (GraphException exception)
        {
            contact.ApplyProfileRefusal(exception.Refusal, Now);
            connection.ApplyProfileRefusal(exception.Refusal, Now);
        }

        Assert.Equal(state, contact.ProfileState);
        Assert.Equal(staleAfterHours is { } hours ? Now.AddHours(hours) : null, contact.ProfileStaleAt);
        Assert.Equal(state is ProfileState.Pending, contact.ProfileDueAt is not null);
        Assert.Equal(connectionIs, connection.ProfilesPausedUntil > Now ? "paused" : !connection.CanCallMeta ? "expired" : connection.Problem is not null ? "warned" : null);
    }

    [Theory]
    [InlineData("X-Business-Use-Case-Usage", "{\"17841400000000001\":[{\"type\":\"instagram\",\"call_count\":10,\"total_cputime\":95,\"total_time\":20,\"estimated_time_to_regain_access\":0}]}", 5)]
    [InlineData("X-Business-Use-Case-Usage", "{\"17841400000000001\":[{\"call_count\":10},{\"call_count\":100,\"estimated_time_to_regain_access\":19}]}", 19)]
    [InlineData("X-App-Usage", "{\"call_count\":91,\"total_cputime\":1,\"total_time\":1}", 5)]
    [InlineData("X-Business-Use-Case-Usage", "{\"17841400000000001\":[{\"call_count\":89}]}", null)]
    [InlineData("X-Business-Use-Case-Usage", "{\"109876543210987\":[{\"call_count\":99}]}", null)]
    [InlineData("X-Business-Use-Case-Usage", "no JSON", null)]
    [InlineData("X-Business-Use-Case-Usage", "[1]", null)]
    public async Task Near_the_limit_no_profile_is_asked_for(string header, string value, int? minutes)
    {
        meta.On($"GET /v25.0/{Igsid}", Reply.Json($$"""{"username":"ada","id":"{{Igsid}}"}""", 200, (header, value)));
        await Graph.GetProfileAsync(OnInstagram, Cancellation);
        var calls = meta.Calls.Count;

        var again = await Record.ExceptionAsync(() => Graph.GetProfileAsync(OnInstagram, Cancellation)) as GraphException;

        Assert.Equal(minutes, again?.Refusal.RetryAfter?.TotalMinutes);
        Assert.Equal(minutes is null, meta.Calls.Count > calls);
    }

    [Fact]
    public async Task A_message_is_read_by_its_id()
    {
        meta.On("GET /v25.0/m_1", Reply.Json("""
            {"id":"m_1","created_time":"2025-10-09T08:53:20+0000","from":{"id":"7654321098765432"},"to":{"data":[{"id":"109876543210987"}]},"message":"Hello",
             "attachments":{"data":[{"id":"1","mime_type":"image/jpeg","image_data":{"url":"https://scontent.xx.fbcdn.net/a.jpg"}},
                                    {"id":"2","image_data":{"url":"https://scontent.xx.fbcdn.net/s.png","render_as_sticker":true}},
                                    {"id":3,"mime_type":"video/mp4","video_data":{"url":"https://video.xx.fbcdn.net/v.mp4"}},
                                    {"mime_type":"audio/mp4","file_url":"https://cdn.fbsbx.com/audioclip-1.mp4"},
                                    {"mime_type":"application/pdf","file_url":"https://cdn.fbsbx.com/list.pdf"},
                                    {"generic_template":{"title":"Card"}}, {}]}}
            """));

        var message = await Graph.GetMessageAsync("109876543210987", PageToken, "m_1", Cancellation);

        Assert.Equal((Psid, Page, "Hello", Now), (message.FromId, message.ToId, message.Text, message.CreatedAt));
        Assert.Equal(["image", "sticker", "video", "audio", "file"], message.Attachments.Select(a => a.Type));
        Assert.Equal("id,created_time,from,to,message,attachments,shares{link,name},story,is_unsupported", meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task A_mention_in_a_story_and_a_shared_post_are_attachments_of_a_message_read_at_Meta()
    {
        meta.On("GET /v25.0/m_1", Reply.Sample("message-instagram-story-mention"));
        meta.On("GET /v25.0/m_2", Reply.Json("""{"id":"m_2","shares":{"data":[{"link":"https://lookaside.fbsbx.com/post","name":"A post"},{}]}}"""));

        var mention = Assert.Single((await Graph.GetMessageAsync(Page, PageToken, "m_1", Cancellation)).Attachments);
        var share = Assert.Single((await Graph.GetMessageAsync(Page, PageToken, "m_2", Cancellation)).Attachments);

        Assert.Equal("story_mention", mention.Type);
        Assert.StartsWith("https://lookaside.fbsbx.com/", mention.Url, StringComparison.Ordinal);
        Assert.Equal(("share", "https://lookaside.fbsbx.com/post", "A post"), (share.Type, share.Url, share.Title));
    }

    [Fact]
    public async Task The_answered_story_and_what_Meta_cannot_show_are_told_of_a_message_read_there()
    {
        meta.On("GET /v25.0/m_1", Reply.Json("""{"id":"m_1","message":"Where is this?","story":{"reply_to":{"link":"https://lookaside.fbsbx.com/story","id":"179"}}}"""));
        meta.On("GET /v25.0/m_2", Reply.Json("""{"id":"m_2","message":"","is_unsupported":true}"""));

        Assert.Equal(new FoundStory("179", "https://lookaside.fbsbx.com/story"), (await Graph.GetMessageAsync(Page, PageToken, "m_1", Cancellation)).AnsweredStory);
        Assert.True((await Graph.GetMessageAsync(Page, PageToken, "m_2", Cancellation)).IsUnsupported);
    }

    [Theory]
    [InlineData("profile-messenger-empty")]
    [InlineData("profile-messenger-id-only")]
    public async Task A_profile_that_is_not_shown_is_empty(string sample)
    {
        meta.On($"GET /v25.0/{Psid}", Reply.Sample(sample));

        Assert.Equal(new MetaProfile(null, null, null), await Graph.GetProfileAsync(OnMessenger, Cancellation));
    }

    [Fact]
    public async Task A_forbidden_field_is_answered_by_asking_for_the_name_only()
    {
        meta.On(
            $"GET /v25.0/{Psid}",
            Reply.Sample("error-100-invalid-parameter", 400), Reply.Json("""{"first_name":"Peter","last_name":"Chang","id":"1"}"""));

        Assert.Equal("Peter Chang", (await Graph.GetProfileAsync(OnMessenger, Cancellation)).Name);
        Assert.Equal("name", meta.Calls[1].Parameter("fields"));
    }

    [Theory]
    [InlineData("error-100-33-unsupported-get", RefusalClass.Permission)]
    [InlineData("error-100-2018218-no-profile", RefusalClass.Profile)]
    [InlineData("error-230-user-consent", RefusalClass.Profile)]
    public async Task A_refused_profile_is_asked_for_once(string sample, RefusalClass expected)
    {
        meta.On($"GET /v25.0/{Psid}", Reply.Sample(sample, 400));

        Assert.Equal(expected, (await Refused(() => Graph.GetProfileAsync(OnMessenger, Cancellation))).Class);
        Assert.Single(meta.Calls);
    }

    [Fact]
    public async Task Reads_get_over_a_moment_of_trouble()
    {
        meta.On($"GET /v25.0/{Psid}", Reply.Status(503), Reply.Drop, Reply.Sample("profile-messenger"));

        Assert.Equal("Peter Chang", (await Graph.GetProfileAsync(OnMessenger, Cancellation)).Name);
        Assert.Equal(3, meta.Calls.Count);
    }

    [Fact]
    public async Task Every_call_proves_the_app_secret_and_no_token_is_in_an_address_or_a_log()
    {
        meta.On("POST /v25.0/oauth/access_token", Reply.Sample("oauth-code-exchange"));
        meta.On("GET /v25.0/oauth/access_token", Reply.Sample("oauth-long-lived"));
        meta.On("GET /v25.0/me", Reply.Sample("me"));
        meta.On("GET /v25.0/me/permissions", Reply.Sample("me-permissions"));
        meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-empty"));
        meta.On("GET /v25.0/debug_token", Reply.Sample("debug-token-user"));
        meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));
        meta.On($"DELETE /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-delete"));
        meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("app-subscriptions-get"));
        meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));
        meta.On($"GET /v25.0/{Page}/conversations", Reply.Json("""{"data":[{"id":"t_1"}]}"""));
        meta.On("GET /v25.0/t_1", Reply.Sample("conversation-messages-messenger"));
        meta.On($"GET /v25.0/{Psid}", Reply.Status(500), Reply.Sample("profile-messenger"));

        var grant = await Graph.ExchangeCodeAsync("code", RedirectUri, Cancellation);
        await Graph.ListPagesAsync(grant.AccessToken, Cancellation);
        await Graph.InspectTokenAsync(PageToken, Cancellation);
        await Graph.SubscribePageAsync(Page, PageToken, Cancellation);
        await Graph.UnsubscribePageAsync(Page, PageToken, Cancellation);
        await Graph.CheckAppSubscriptionsAsync(WebhookUrl, true, Cancellation);
        await Graph.SendAsync(OnMessenger, new OutgoingMessage("Hello", "mm:1"), Cancellation);
        await Graph.MarkSeenAsync(OnMessenger, Cancellation);
        await Graph.ListRecentMessagesAsync(OnMessenger, Cancellation);
        await Graph.GetProfileAsync(OnMessenger, Cancellation);

        foreach (var call in meta.Calls.Where(c => c.Path != "/v25.0/oauth/access_token"))
        {
            Assert.StartsWith("Bearer ", call.Authorization, StringComparison.Ordinal);
            Assert.Equal(Proof(call.Authorization!["Bearer ".Length..]), call.Parameter("appsecret_proof"));
        }

        // Meta itself wants the token in the address of these two.
        var others = meta.Calls.Where(c => c.Path != "/v25.0/debug_token" && (c.Path, c.Method) != ("/v25.0/oauth/access_token", "GET"));
        Assert.All(others, call => Assert.DoesNotContain("EAAB", call.Address, StringComparison.Ordinal));
        Assert.All(others, call => Assert.DoesNotContain(KnownMetaApp.AppSecret, call.Address, StringComparison.Ordinal));
        Assert.DoesNotContain("EAAB", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain(KnownMetaApp.AppSecret, logs.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Meta:GraphVersion", "25.0")]
    [InlineData("Meta:GraphVersion", "v25.0\n")]
    [InlineData("Meta:GraphVersion", "v25.0/../x")]
    [InlineData("Meta:GraphBaseUrl", "ftp://graph.facebook.com")]
    [InlineData("Meta:SendTimeout", "00:00:30")]
    public void Settings_that_cannot_work_are_refused_at_start(string key, string value)
    {
        using var wrong = Services(meta.Address, (key, value));

        Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<IOptions<GraphOptions>>().Value);
    }

    private static string Proof(string token) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(KnownMetaApp.AppSecret), Encoding.UTF8.GetBytes(token)));

    private Task<Refusal> RefusedSend() => Refused(() => Graph.SendAsync(OnMessenger, new OutgoingMessage("Hello", null), Cancellation));

    private static async Task<Refusal> Refused(Func<Task> call) => (await Assert.ThrowsAsync<GraphException>(call)).Refusal;

    private static void AssertJson(string expected, string actual)
    {
        using var one = JsonDocument.Parse(expected);
        using var other = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(one.RootElement, other.RootElement), actual);
    }

    private static async Task<Uri> ClosedPort()
    {
        await using var closing = await StubServer.StartAsync();
        return closing.Address;
    }

    private ServiceProvider Services(Uri address, params (string Key, string Value)[] settings) => Services(address, new KnownMetaApp(), settings);

    private ServiceProvider Services(Uri address, IMetaApp metaApp, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Meta:GraphBaseUrl", address.AbsoluteUri),
            new("Meta:DialogBaseUrl", address.AbsoluteUri),
            new("Meta:ReadRetryDelay", "00:00:00"),
        ]).AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();

        return new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            .AddSingleton<TimeProvider>(new FakeTimeProvider(Now))
            .AddSingleton(metaApp)
            .AddSingleton<IDispatcher>(new FakeDispatcher())
            .AddMetrics()
            .AddGraph(configuration)
            .BuildServiceProvider(validateScopes: true);
    }
}

/// <summary>Everything that was logged, at every level.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly StringBuilder lines = new();

    public string All
    {
        get
        {
            lock (lines) return lines.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        lock (lines) lines.Append(state).AppendLine();
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines) lines.AppendLine(formatter(state, exception)).Append(exception).AppendLine();
    }

    public void Dispose() { }
}
