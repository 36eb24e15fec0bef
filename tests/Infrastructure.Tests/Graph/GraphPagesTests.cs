using MetaMessaging.Application.Common;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphPagesTests : GraphTest
{
    [Fact]
    public async Task Pages_are_listed_with_the_cursor_until_the_last_one()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-paged-2"));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(["109876543210987", "209876543210988"], pages.Select(p => p.PageId));
        Assert.Equal(["bluecup", "bluecupbergen"], pages.Select(p => p.InstagramUsername));
        Assert.Equal([null, "MTA5ODc2NTQzMjEwOTg3"], CallsOf("me/accounts").Select(c => c.Parameter("after")));
    }

    [Fact]
    public async Task Listing_ends_when_Meta_repeats_a_cursor()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-paged-1"));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Single(pages);
        Assert.Equal(2, CallsOf("me/accounts").Count());
    }

    [Fact]
    public async Task A_page_without_a_token_is_listed_without_one()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-many-pages"));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(4, pages.Count);
        Assert.Null(pages.Single(p => p.PageName == "No token Page").PageAccessToken);
        Assert.Null(pages.Single(p => p.PageName == "Blue Cup Bergen").InstagramAccountId);
    }

    [Fact]
    public async Task A_person_without_the_task_messaging_may_not_handle_messages_and_names_are_plain()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Json(
            """
            {"data":[
              {"id":"1","name":"One","access_token":"t","tasks":["MODERATE"]},
              {"id":"2","name":"Two","access_token":"t","tasks":["MODERATE","MESSAGING"],
                "instagram_business_account":{"id":"17","username":"b\u202Elue\u0007"}},
              {"id":"3","name":"\u202e","access_token":"t"}]}
            """));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal([false, true, true], pages.Select(p => p.MayMessage));
        Assert.Equal(["One", "Two", "3"], pages.Select(p => p.PageName));
        Assert.Equal("blue", pages[1].InstagramUsername);
    }

    [Fact]
    public async Task A_missing_Instagram_username_is_read_separately()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Json(
            """
            {"data":[{"id":109876543210987,"name":"Blue Cup","access_token":"EAABpage",
              "instagram_business_account":{"id":17841400000000001}}]}
            """));
        Meta.On("GET /v25.0/17841400000000001", Reply.Sample("instagram-username"));

        var page = Assert.Single(await Pages.ListPagesAsync(UserToken, Cancellation));

        Assert.Equal(("109876543210987", "17841400000000001", "bluecup"), (page.PageId, page.InstagramAccountId, page.InstagramUsername));
        Assert.Equal("Bearer EAABpage", Assert.Single(CallsOf("17841400000000001")).Authorization);
    }

    [Fact]
    public async Task When_the_list_is_empty_the_pages_in_the_granular_scopes_are_read()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-empty"));
        Meta.On("POST /v25.0/debug_token", Reply.Sample("debug-token-user"));
        Meta.On($"GET /v25.0/{Page}", Reply.Json("""{"id":"109876543210987","name":"Blue Cup","access_token":"EAABpage"}"""));

        var page = Assert.Single(await Pages.ListPagesAsync(UserToken, Cancellation));

        Assert.Equal((Page, "Blue Cup", "EAABpage"), (page.PageId, page.PageName, page.PageAccessToken));
    }

    [Fact]
    public async Task Pages_that_only_the_scopes_name_join_those_that_are_listed()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-one-page"));
        Meta.On("POST /v25.0/debug_token", Reply.Json(
            """
            {"data":{"is_valid":true,"granular_scopes":[{"scope":"pages_show_list","target_ids":["109876543210987","209"]},
              {"scope":"pages_messaging","target_ids":["309"]},{"scope":"instagram_basic","target_ids":["17841400000000001"]}]}}
            """));
        Meta.On("GET /v25.0/209", Reply.Json("""{"id":"209","name":"Roastery","access_token":"EAABroastery"}"""));
        Meta.On("GET /v25.0/309", Reply.Sample("error-200-permission", 403));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(
            [(Page, true), ("209", true), ("309", false)], pages.Select(p => (p.PageId, p.PageAccessToken is not null)));
        Assert.Empty(CallsOf(Page));
        Assert.Empty(CallsOf("me/businesses"));
    }

    [Theory]
    [InlineData("owned_pages", "client_pages")]
    [InlineData("client_pages", "owned_pages")]
    public async Task Without_pages_in_the_scopes_those_of_the_businesses_are_read(string readable, string refused)
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-empty"));
        Meta.On("POST /v25.0/debug_token", Reply.Json(
            """{"data":{"is_valid":true,"granular_scopes":[{"scope":"pages_show_list"},{"scope":"pages_messaging"}]}}"""));
        Meta.On("GET /v25.0/me/businesses", Reply.Json(
            """{"data":[{"id":"71"}],"paging":{"cursors":{"after":"next"},"next":"https://graph.facebook.com/x"}}"""),
            Reply.Json("""{"data":[{"id":"72"}]}"""));
        Meta.On($"GET /v25.0/71/{readable}", Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-paged-2"));
        Meta.On($"GET /v25.0/71/{refused}", Reply.Sample("error-200-permission", 403));
        Meta.On($"GET /v25.0/72/{readable}", Reply.Json("""{"data":[{"id":"309","name":"Bakery","access_token":"EAABbakery"}]}"""));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal([Page, "209876543210988", "309"], pages.Select(p => p.PageId));
        Assert.All(pages, page => Assert.NotNull(page.PageAccessToken));
    }

    [Fact]
    public async Task A_list_that_is_too_much_for_one_answer_is_read_in_halves()
    {
        var tooMuch = Reply.Json(
            """
            {"error":{"code":1,"type":"OAuthException",
              "message":"Please reduce the amount of data you're asking for, then retry your request"}}
            """, 500);
        Meta.On("GET /v25.0/me/accounts", tooMuch, tooMuch, Reply.Sample("me-accounts-paged-1"), Reply.Sample("me-accounts-paged-2"));

        var pages = await Pages.ListPagesAsync(UserToken, Cancellation);

        Assert.Equal(2, pages.Count);
        Assert.Equal(["100", "50", "25", "25"], CallsOf("me/accounts").Select(c => c.Parameter("limit")));
    }

    [Fact]
    public async Task A_list_that_is_too_much_even_one_by_one_is_refused()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Json("""{"error":{"code":1,"message":"Please reduce the amount of data"}}""", 500));

        await Refused(() => Pages.ListPagesAsync(UserToken, Cancellation));

        Assert.Equal(["100", "50", "25", "12", "6", "3", "1"], CallsOf("me/accounts").Select(c => c.Parameter("limit")));
    }

    [Fact]
    public async Task No_page_anywhere_is_an_empty_list()
    {
        Meta.On("GET /v25.0/me/accounts", Reply.Sample("me-accounts-empty"));
        Meta.On("POST /v25.0/debug_token", Reply.Sample("error-190-invalid-token", 401));

        Assert.Empty(await Pages.ListPagesAsync(UserToken, Cancellation));
    }

    [Fact]
    public async Task Subscribing_asks_for_every_field_and_reads_the_subscription_back()
    {
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post-string-true"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));

        Assert.Null(await Pages.SubscribePageAsync(Page, PageToken, Cancellation));

        var fields = Meta.Calls[0].Parameter("subscribed_fields")!.Split(',');
        Assert.Contains("message_echoes", fields);
        Assert.DoesNotContain("response_feedback", fields);
    }

    [Theory]
    [InlineData("""(#100) Param subscribed_fields[6] must be one of {messages, message_reads} - got \"message_edits\".""")]
    [InlineData("""(#100) Invalid field message_edits in this version""")]
    public async Task A_field_unknown_to_this_version_of_the_API_is_left_out(string message)
    {
        Meta.On(
            $"POST /v25.0/{Page}/subscribed_apps",
            Reply.Json("""{"error":{"code":100,"message":"MESSAGE"}}""".Replace("MESSAGE", message, StringComparison.Ordinal), 400),
            Reply.Sample("subscribed-apps-post"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-get"));

        Assert.Null(await Pages.SubscribePageAsync(Page, PageToken, Cancellation));

        var fields = Meta.Calls[1].Parameter("subscribed_fields")!.Split(',');
        Assert.Equal(WebhookFields.Page.Except(["message_edits"]), fields);
    }

    [Fact]
    public async Task A_refusal_that_names_no_field_ends_the_attempt()
    {
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("error-100-invalid-parameter", 400));

        await Refused(() => Pages.SubscribePageAsync(Page, PageToken, Cancellation));

        Assert.Single(Meta.Calls);
    }

    [Fact]
    public async Task Each_refusal_removes_one_field_until_none_is_left()
    {
        Meta.On(
            $"POST /v25.0/{Page}/subscribed_apps",
            Reply.Json("""{"error":{"code":100,"message":"subscribed_fields[0] must be"}}""", 400));

        await Refused(() => Pages.SubscribePageAsync(Page, PageToken, Cancellation));

        Assert.Equal(WebhookFields.Page.Count, Meta.Calls.Count);
    }

    [Theory]
    [InlineData("subscribed-apps-get-empty")]
    [InlineData("subscribed-apps-get-other-app")]
    public async Task A_subscription_missing_from_the_answer_is_a_problem(string sample)
    {
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample(sample));

        Assert.Contains("no messages will arrive", await Pages.SubscribePageAsync(Page, PageToken, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_missing_from_the_subscription_are_named()
    {
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Json(
            """{"data":[{"id":123456789012345,"subscribed_fields":["messages","messaging_postbacks","message_echoes"]}]}"""));

        var problem = await Pages.SubscribePageAsync(Page, PageToken, Cancellation);

        Assert.Contains("message_deliveries, message_reads", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_reading_the_subscription_is_refused_the_page_counts_as_subscribed()
    {
        Meta.On($"POST /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-post"));
        Meta.On($"GET /v25.0/{Page}/subscribed_apps", Reply.Sample("error-200-permission", 403));

        Assert.Null(await Pages.SubscribePageAsync(Page, PageToken, Cancellation));
    }

    [Fact]
    public async Task A_correct_app_webhook_is_no_problem()
    {
        Meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("app-subscriptions-get"));

        Assert.Null(await Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation));
    }

    [Theory]
    [InlineData("""{"data":[]}""", "No webhook is set up")]
    [InlineData(
        """{"data":[{"object":"page","callback_url":"https://old.example/hook","active":true,"fields":[{"name":"messages"}]}]}""",
        "points to https://old.example/hook")]
    [InlineData(
        """{"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook","active":false}]}""",
        "No webhook is set up")]
    [InlineData(
        """
        {"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook","active":true,
          "fields":["messages","messaging_postback"]}]}
        """,
        "message_deliveries, message_reads, message_echoes")]
    public async Task A_wrong_app_webhook_is_explained(string answer, string problem)
    {
        Meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Json(answer));

        Assert.Contains(
            problem, await Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: false, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instagram_needs_its_own_webhook()
    {
        Meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Json(
            """
            {"data":[{"object":"page","callback_url":"https://gw.example/integrations/meta-messaging/webhook/","active":true,
              "fields":["messages","messaging_postbacks","message_deliveries","message_reads","message_echoes"]}]}
            """));

        Assert.Null(await Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: false, Cancellation));
        Assert.Contains(
            "'instagram'", await Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_reading_the_app_webhooks_is_refused_nothing_is_known_about_them()
    {
        Meta.On($"GET /v25.0/{KnownMetaApp.AppId}/subscriptions", Reply.Sample("error-190-invalid-token", 401));

        await Refused(() => Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation));
    }

    [Fact]
    public async Task Unsubscribing_deletes_the_subscription()
    {
        Meta.On($"DELETE /v25.0/{Page}/subscribed_apps", Reply.Sample("subscribed-apps-delete"));

        await Pages.UnsubscribePageAsync(Page, PageToken, Cancellation);

        Assert.Equal("Bearer EAABpage", Assert.Single(Meta.Calls).Authorization);
    }

    private IEnumerable<ReceivedRequest> CallsOf(string path) => Meta.Calls.Where(c => c.Path == $"/v25.0/{path}");
}
