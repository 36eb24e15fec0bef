using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Connections;

public class OAuthTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Without_a_configured_app_the_dialog_cannot_begin()
    {
        Assert.Equal("meta_not_configured", (await Assert.ThrowsAsync<ConflictException>(() => Send(new GetOAuthUrl(null)))).Code);
    }

    [Fact]
    public async Task A_single_page_is_preselected()
    {
        var attempt = await BeginAsync();

        var result = await ReturnAsync(attempt);

        Assert.Equal((null, Some.PageId), (result.Error, result.OnlyPageId));
        var pending = await Row(db => db.PendingConnections);
        Assert.Equal((result.PendingId, Some.OrganizationId, Some.AdminId), (pending.Id, pending.OrganizationId, pending.UserId));
    }

    [Fact]
    public async Task Several_pages_are_offered()
    {
        MetaPages.OnListPages = () => [Some.Page("1"), Some.Page("2", "17")];

        var result = await ReturnAsync(await BeginAsync());
        var pending = await Send(new GetPendingConnection(result.PendingId!.Value));

        Assert.Null(result.OnlyPageId);
        Assert.Equal([("1", null), ("2", "17")], pending.Pages.Select(p => (p.PageId, p.InstagramAccountId)));
        Assert.Equal(Clock.Now.AddMinutes(10), pending.ExpiresAt);
    }

    [Fact]
    public async Task Without_pages_the_error_is_no_pages()
    {
        MetaPages.OnListPages = () => [];

        Assert.Equal("no_pages", (await ReturnAsync(await BeginAsync())).Error);
    }

    [Fact]
    public async Task Declining_ends_the_run_and_consumes_the_state()
    {
        var attempt = await BeginAsync();

        Assert.Equal(
            "access_denied",
            (await SendAnonymously(new HandleOAuthCallback(attempt.State, null, attempt.BrowserSecret, "access_denied"))).Error);
        Assert.Equal("invalid_state", (await ReturnAsync(attempt)).Error);
    }

    [Theory]
    [InlineData("pages_show_list")]
    [InlineData("pages_messaging")]
    [InlineData("pages_manage_metadata")]
    public async Task Without_a_needed_permission_nothing_is_connected(string missing)
    {
        MetaOAuth.OnExchange = () => new UserGrant("user-token", null, "1", [.. MetaPermissions.All.Where(p => p != missing)]);

        Assert.Equal("missing_permissions", (await ReturnAsync(await BeginAsync())).Error);
        Assert.Equal(0, await Count(db => db.PendingConnections));
    }

    [Fact]
    public async Task Without_the_instagram_permissions_messenger_still_connects()
    {
        MetaOAuth.OnExchange = () => new UserGrant("user-token", null, "1", MetaPermissions.Required);

        Assert.Null((await ReturnAsync(await BeginAsync())).Error);
    }

    [Fact]
    public async Task A_refused_exchange_is_reported()
    {
        MetaOAuth.OnExchange = () => throw Some.Refused(RefusalClass.Parameter);

        Assert.Equal("exchange_failed", (await ReturnAsync(await BeginAsync())).Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("forged")]
    public async Task An_unknown_state_is_refused_before_Meta_is_called(string? state)
    {
        var attempt = await BeginAsync();

        Assert.Equal("invalid_state", (await ReturnAsync(attempt with { State = state! })).Error);
        Assert.Empty(MetaOAuth.Calls);
    }

    [Fact]
    public async Task A_state_can_be_used_once()
    {
        var attempt = await BeginAsync();
        await ReturnAsync(attempt);

        Assert.Equal("invalid_state", (await ReturnAsync(attempt)).Error);
    }

    [Fact]
    public async Task A_state_expires_after_ten_minutes()
    {
        var (inTime, late) = (await BeginAsync(), await BeginAsync());

        Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Null((await ReturnAsync(inTime)).Error);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_state", (await ReturnAsync(late)).Error);
    }

    [Fact]
    public async Task Another_browser_cannot_finish_the_run()
    {
        var (mine, theirs) = (await BeginAsync(), await BeginAsync());

        Assert.Equal("invalid_state", (await ReturnAsync(mine with { BrowserSecret = theirs.BrowserSecret })).Error);
        Assert.Equal("invalid_state", (await ReturnAsync(mine with { BrowserSecret = null! })).Error);
        Assert.Null((await ReturnAsync(mine)).Error);
    }

    [Fact]
    public async Task Two_tabs_of_one_browser_can_both_finish()
    {
        var first = await BeginAsync();
        var second = await BeginAsync(first.BrowserSecret);

        Assert.Equal(first.BrowserSecret, second.BrowserSecret);
        Assert.Null((await ReturnAsync(first)).Error);
        Assert.Null((await ReturnAsync(second)).Error);
    }

    [Fact]
    public async Task A_user_who_lost_the_admin_role_cannot_finish()
    {
        var attempt = await BeginAsync();
        await Change(async db => db.Memberships.Remove(await db.Memberships.SingleAsync(m => m.UserId == Some.AdminId)));
        await Change(db =>
        {
            db.Memberships.Add(new Membership(Some.OrganizationId, Some.AdminId, OrganizationRoles.Agent));
            return Task.CompletedTask;
        });

        Assert.Equal("invalid_state", (await ReturnAsync(attempt)).Error);
    }

    [Fact]
    public async Task The_database_holds_hashes_of_the_state_only()
    {
        var attempt = await BeginAsync();

        var stored = await Row(db => db.OAuthStates);

        Assert.NotEqual(attempt.State, stored.StateHash);
        Assert.NotEqual(attempt.BrowserSecret, stored.BrowserHash);
    }

    [Fact]
    public async Task Other_connections_of_the_same_Meta_user_are_checked_in_every_organization()
    {
        await Given(Some.Connection(Some.PageId));
        var lost = await Given(Some.Connection("4"));
        MetaPages.OnListPages = () => [Some.Page(), Some.Page("4", token: null)];   // seen in the dialog, but without access
        var ours = await Given(Some.Connection("1"));
        var theirs = await Given(Some.Connection("2", organizationId: Some.OtherOrganizationId));
        await Given(Some.Connection("3", metaUserId: "somebody else"));

        await ReturnAsync(await BeginAsync());

        Assert.Equal([new CheckConnection(lost.Id), new CheckConnection(ours.Id), new CheckConnection(theirs.Id)], Jobs.Enqueued);
    }

    [Fact]
    public async Task A_page_without_access_is_offered_with_the_reason_and_does_not_prevent_the_others()
    {
        MetaPages.OnListPages = () => [Some.Page("1"), Some.Page("2", token: null), Some.Page("3") with { MayMessage = false }];
        var id = (await ReturnAsync(await BeginAsync())).PendingId!.Value;

        var pages = (await Send(new GetPendingConnection(id))).Pages;
        var answer = await Send(new ConnectPages(id, ["2", "1"]));

        Assert.Equal([null, PageObstacle.MissingPermission, PageObstacle.NoMessagingTask], pages.Select(p => p.Reason));
        Assert.Equal(("1", "2", "page_not_connectable"), (
            Assert.Single(answer.Connected).PageId, Assert.Single(answer.Failed).PageId, answer.Failed[0].Code));
    }

    [Fact]
    public async Task A_refused_subscription_is_a_problem_of_the_connection()
    {
        var connection = await Given(Some.Connection());

        MetaPages.OnSubscribe = _ => throw Some.Refused(RefusalClass.Permission);
        var withoutPermission = await Send(new ResubscribePage(connection.Id));
        MetaPages.OnSubscribe = _ => throw Some.Refused(RefusalClass.Token);
        var withoutToken = await Send(new ResubscribePage(connection.Id));

        Assert.Equal(ConnectionProblemCode.Permissions, Assert.Single(withoutPermission.Problems).Code);
        Assert.Equal(
            (ConnectionState.ReauthorizationRequired, ConnectionProblemCode.Token), (withoutToken.State, withoutToken.Problems[0].Code));
        await Assert.ThrowsAsync<ConflictException>(() => Send(new ResubscribePage(connection.Id)));
    }

    [Fact]
    public async Task When_none_of_the_pages_can_be_connected_another_choice_is_possible()
    {
        MetaPages.OnListPages = () => [Some.Page("1"), Some.Page("2")];
        MetaPages.OnSubscribe = pageId => pageId == "1" ? throw Some.Refused(RefusalClass.Permission) : null;
        var id = (await ReturnAsync(await BeginAsync())).PendingId!.Value;

        Assert.Equal("meta_refused", Assert.Single((await Send(new ConnectPages(id, ["1"]))).Failed).Code);
        Assert.Single((await Send(new ConnectPages(id, ["2"]))).Connected);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ConnectPages(id, ["1"])));
    }

    [Fact]
    public async Task Pending_pages_are_visible_to_their_organization_for_ten_minutes()
    {
        var result = await ReturnAsync(await BeginAsync());
        var id = result.PendingId!.Value;

        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new GetPendingConnection(id)));
        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new ConnectPage(id, Some.PageId)));
        Clock.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetPendingConnection(id)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ConnectPage(id, Some.PageId)));
    }

    private async Task<Attempt> BeginAsync(string? browser = null)
    {
        await Send(new UpdateSystemConfig("42", "secret", "verify"));
        var url = await Send(new GetOAuthUrl(browser));
        return new Attempt(url.Url.Query.Split("state=")[1], url.BrowserSecret);
    }

    private Task<OAuthCallbackResult> ReturnAsync(Attempt attempt) =>
        SendAnonymously(new HandleOAuthCallback(attempt.State, "code", attempt.BrowserSecret, null));

    private sealed record Attempt(string State, string BrowserSecret);
}

public class ConnectPageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Connecting_subscribes_the_page_and_keeps_the_token()
    {
        var pending = await GivenPendingAsync(Some.Page(igAccountId: "17"));

        var connection = await Send(new ConnectPage(pending.Id, Some.PageId));

        Assert.Equal((ConnectionState.Active, "17", Clock.Now), (connection.State, connection.InstagramAccountId, connection.ConnectedAt));
        Assert.Equal([Channel.FacebookMessenger, Channel.InstagramDm], connection.Channels);
        Assert.Contains($"subscribe {Some.PageId}", MetaPages.Calls);
        Assert.Equal("page-token", (await Row(db => db.Connections)).PageAccessToken);
    }

    [Fact]
    public async Task Pending_pages_can_be_used_once_and_their_tokens_are_deleted()
    {
        var pending = await GivenPendingAsync(Some.Page("1"), Some.Page("2"));
        await Send(new ConnectPage(pending.Id, "1"));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ConnectPage(pending.Id, "2")));
        var used = await Row(db => db.PendingConnections);
        Assert.Null(used.UserAccessToken);
        Assert.Empty(used.Pages);
    }

    [Fact]
    public async Task A_page_that_was_not_offered_is_not_connected()
    {
        var pending = await GivenPendingAsync(Some.Page("1"));

        Assert.Equal("page_not_found", (await Assert.ThrowsAsync<NotFoundException>(() => Send(new ConnectPage(pending.Id, "2")))).Code);
    }

    [Fact]
    public async Task A_page_without_a_token_cannot_be_connected()
    {
        var pending = await GivenPendingAsync(Some.Page("1", token: null));

        Assert.Equal(
            "page_not_connectable", (await Assert.ThrowsAsync<DomainException>(() => Send(new ConnectPage(pending.Id, "1")))).Code);
    }

    [Fact]
    public async Task Of_two_organizations_that_connect_a_page_at_the_same_time_one_gets_it()
    {
        var pending = await GivenPendingAsync(Some.Page("1"));
        MetaPages.WhileSubscribing = () => Given(Some.Connection("1", organizationId: Some.OtherOrganizationId));

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new ConnectPage(pending.Id, "1")));

        Assert.Equal("page_already_connected", refused.Code);
        Assert.Equal(Some.OtherOrganizationId, (await Row(db => db.Connections)).OrganizationId);
    }

    [Fact]
    public async Task Of_two_choices_at_the_same_time_one_is_made()
    {
        var pending = await GivenPendingAsync(Some.Page("1"), Some.Page("2"));
        MetaPages.WhileSubscribing = () => Send(new ConnectPage(pending.Id, "2"));

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => Send(new ConnectPage(pending.Id, "1")));

        Assert.Equal("2", (await Row(db => db.Connections)).PageId);
    }

    [Fact]
    public async Task A_page_that_is_chosen_twice_at_the_same_time_is_connected_once()
    {
        var pending = await GivenPendingAsync(Some.Page("1"));
        MetaPages.WhileSubscribing = () => Send(new ConnectPage(pending.Id, "1"));

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => Send(new ConnectPage(pending.Id, "1")));

        Assert.Equal("1", (await Row(db => db.Connections)).PageId);
    }

    [Fact]
    public async Task A_page_connected_to_another_organization_is_refused()
    {
        await Given(Some.Connection("1", organizationId: Some.OtherOrganizationId));
        var pending = await GivenPendingAsync(Some.Page("1"));

        Assert.Equal(
            "page_already_connected", (await Assert.ThrowsAsync<ConflictException>(() => Send(new ConnectPage(pending.Id, "1")))).Code);
        Assert.DoesNotContain(MetaPages.Calls, c => c.StartsWith("subscribe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_another_organization_disconnected_can_be_connected()
    {
        var theirs = Some.Connection("1", organizationId: Some.OtherOrganizationId);
        theirs.Disconnect();
        await Given(theirs);
        var pending = await GivenPendingAsync(Some.Page("1"));

        await Send(new ConnectPage(pending.Id, "1"));

        Assert.Equal(2, await Count(db => db.Connections));
    }

    [Fact]
    public async Task Reconnecting_keeps_the_conversations()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Connections.SingleAsync()).RequireReauthorization("expired", Clock.Now));
        var pending = await GivenPendingAsync(Some.Page(conversation.Connection.PageId, token: "new token"));

        var connection = await Send(new ConnectPage(pending.Id, conversation.Connection.PageId));

        Assert.Equal((conversation.ConnectionId, ConnectionState.Active, null), (connection.Id, connection.State, connection.Problem));
        Assert.Equal("new token", (await Row(db => db.Connections)).PageAccessToken);
    }

    [Fact]
    public async Task A_problem_with_the_webhook_subscription_is_shown()
    {
        MetaPages.OnSubscribe = _ => "Another app has taken the subscription.";
        var pending = await GivenPendingAsync(Some.Page("1"));

        var connection = await Send(new ConnectPage(pending.Id, "1"));

        Assert.Equal((ConnectionState.Active, "Another app has taken the subscription."), (connection.State, connection.Problem));
    }

    [Fact]
    public async Task A_refused_subscription_connects_nothing()
    {
        MetaPages.OnSubscribe = _ => throw Some.Refused(RefusalClass.Permission);
        var pending = await GivenPendingAsync(Some.Page("1"));

        await Assert.ThrowsAsync<GraphException>(() => Send(new ConnectPage(pending.Id, "1")));

        Assert.Equal(0, await Count(db => db.Connections));
        Assert.True((await Row(db => db.PendingConnections)).IsOpen(Clock.Now));
    }

    [Fact]
    public async Task Disconnecting_deletes_the_token_and_keeps_the_conversations()
    {
        var conversation = await Given(Some.Conversation());

        await Send(new DisconnectPage(conversation.ConnectionId));

        var connection = await Row(db => db.Connections);
        Assert.Equal((ConnectionState.Disconnected, (string?)null), (connection.State, connection.PageAccessToken));
        Assert.Equal(1, await Count(db => db.Conversations));
        Assert.Contains($"unsubscribe {connection.PageId}", MetaPages.Calls);
    }

    [Fact]
    public async Task A_page_is_disconnected_even_when_Meta_refuses()
    {
        var connection = await Given(Some.Connection());
        MetaPages.OnUnsubscribe = _ => throw Some.Refused(RefusalClass.Token);

        await Send(new DisconnectPage(connection.Id));

        Assert.Equal(ConnectionState.Disconnected, (await Row(db => db.Connections)).State);
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new DisconnectPage(connection.Id)));
    }

    [Fact]
    public async Task The_status_shows_the_organizations_pages_only()
    {
        await Given(Some.Connection("1"));
        await Given(Some.Connection("2", organizationId: Some.OtherOrganizationId));

        var status = await Send(new GetIntegrationStatus());

        Assert.False(status.Configured);
        Assert.Equal("1", Assert.Single(status.Connections).PageId);
    }

    private Task<PendingConnection> GivenPendingAsync(params ConnectablePage[] pages) =>
        Given(new PendingConnection(Some.OrganizationId, Some.AdminId, "1221", "user-token", pages, Clock.Now));
}

public class CheckConnectionTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task An_invalid_token_is_found_by_the_check()
    {
        var connection = await Given(Some.Connection());
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(false, null, null, "The person has changed their password."));

        await Send(new CheckConnection(connection.Id));

        var checkedOne = await Row(db => db.Connections);
        Assert.Equal(
            (ConnectionState.ReauthorizationRequired, "The person has changed their password."), (checkedOne.State, checkedOne.Problem));
    }

    [Fact]
    public async Task A_token_that_is_valid_again_clears_the_problem()
    {
        var connection = Some.Connection();
        connection.RequireReauthorization("expired", Clock.Now);
        await Given(connection);
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(true, Some.Now.AddDays(60), null, null));

        await Send(new CheckConnection(connection.Id));

        var checkedOne = await Row(db => db.Connections);
        Assert.Equal(
            (ConnectionState.Active, null, Some.Now.AddDays(60)), (checkedOne.State, checkedOne.Problem, checkedOne.TokenExpiresAt));
        Assert.Contains($"subscribe {connection.PageId}", MetaPages.Calls);
    }

    [Fact]
    public async Task What_connecting_found_about_the_apps_webhook_stays_until_a_check_finds_it_mended()
    {
        MetaPages.OnCheckAppSubscriptions = () => "The webhook points elsewhere.";
        var pending = await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, "1", "user-token", [Some.Page("1")], Clock.Now));
        var connected = await Send(new ConnectPage(pending.Id, "1"));

        Clock.Advance(TimeSpan.FromDays(1));
        await Send(new CheckConnection(connected.Id));
        Assert.Equal(connected.Problems, (await StatusAsync()).Problems);

        MetaPages.OnCheckAppSubscriptions = () => throw Some.Refused(RefusalClass.Token);
        await Send(new CheckConnection(connected.Id));
        var unanswered = await StatusAsync();
        Assert.Equal((ConnectionState.Active, "The webhook points elsewhere."), (unanswered.State, unanswered.Problem));

        MetaPages.OnCheckAppSubscriptions = () => null;
        await Send(new CheckConnection(connected.Id));
        Assert.Empty((await StatusAsync()).Problems);
    }

    [Fact]
    public async Task A_webhook_that_breaks_later_is_found_by_the_check()
    {
        var connection = await Given(Some.Connection());
        MetaPages.OnCheckAppSubscriptions = () => "No webhook is set up.";

        await Send(new CheckConnection(connection.Id));

        var problem = Assert.Single((await StatusAsync()).Problems);
        Assert.Equal(
            (ConnectionProblemCode.AppSubscription, ConnectionProblemSeverity.Warning, ConnectionProblemAction.FixWebhook, Clock.Now),
            (problem.Code, problem.Severity, problem.Action, problem.Since));
        Assert.Equal(1, await Send(new CountConnectionProblems()));
    }

    [Fact]
    public async Task Without_a_configured_address_the_check_compares_with_the_one_of_connecting()
    {
        var pending = await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, "1", "user-token", [Some.Page("1")], Clock.Now));
        var connected = await Send(new ConnectPage(pending.Id, "1"));
        MetaPages.Calls.Clear();
        (Address.IsKnown, Address.BaseUrl) = (false, new Uri("https://unknown.example"));

        await Send(new CheckConnection(connected.Id));

        Assert.Contains("app-subscriptions https://messages.example/integrations/meta-messaging/webhook", MetaPages.Calls);
    }

    [Theory]
    [InlineData(15, 15, null)]
    [InlineData(null, null, null)]
    [InlineData(13, null, "TokenExpiry")]
    [InlineData(null, 13, "DataAccess")]
    [InlineData(null, -3, "DataAccess")]
    [InlineData(13, 1, "TokenExpiry DataAccess")]
    public async Task An_access_that_ends_within_two_weeks_is_a_warning(int? tokenDays, int? dataDays, string? codes)
    {
        DateTimeOffset? In(int? days) => days is { } d ? Clock.Now.AddDays(d) : null;
        var connection = await Given(Some.Connection());
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(true, In(tokenDays), In(dataDays), null));

        await Send(new CheckConnection(connection.Id));

        var status = await StatusAsync();
        Assert.Equal(codes, status.Problems.Count == 0 ? null : string.Join(' ', status.Problems.Select(p => p.Code)));
        Assert.All(status.Problems, problem => Assert.Equal(
            (ConnectionProblemSeverity.Warning, ConnectionProblemAction.Reconnect), (problem.Severity, problem.Action)));
        Assert.Equal((ConnectionState.Active, In(tokenDays)), (status.State, status.TokenExpiresAt));
        Assert.Equal(status.Problems.Select(p => p.Detail).FirstOrDefault(), status.Problem);
    }

    [Fact]
    public async Task The_warning_of_an_expiry_comes_also_when_Meta_does_not_answer_and_goes_after_reconnecting()
    {
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(true, null, Clock.Now.AddDays(20), null));
        var pending = await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, "1", "user-token", [Some.Page("1")], Clock.Now));
        var connected = await Send(new ConnectPage(pending.Id, "1"));
        Assert.Empty(connected.Problems);

        MetaOAuth.OnInspect = _ => throw Some.Refused(RefusalClass.Transient);
        Clock.Advance(TimeSpan.FromDays(7));
        await Send(new CheckConnection(connected.Id));
        var warned = await StatusAsync();
        Assert.Equal("DataAccess", string.Join(' ', warned.Problems.Select(p => p.Code)));

        await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(), Clock.Now));
        Assert.Empty((await StatusAsync()).Problems);
    }

    [Fact]
    public async Task A_check_of_the_old_token_does_not_change_a_reconnected_page()
    {
        var connection = await Given(Some.Connection());
        MetaOAuth.OnInspect = async token =>
        {
            MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(true, null, null, null));
            await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(), Clock.Now));
            return new TokenInspection(false, null, null, "The person has changed their password.");
        };

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => Send(new CheckConnection(connection.Id)));
        await Send(new CheckConnection(connection.Id));   // the job comes again

        Assert.Equal((ConnectionState.Active, null), await Row(db => db.Connections.Select(c => ValueTuple.Create(c.State, c.Problem))));
    }

    [Fact]
    public async Task When_Meta_does_not_answer_the_state_stays()
    {
        var connection = await Given(Some.Connection());
        MetaOAuth.OnInspect = _ => throw Some.Refused(RefusalClass.Transient);

        await Send(new CheckConnection(connection.Id));

        Assert.Equal(ConnectionState.Active, (await Row(db => db.Connections)).State);
    }

    [Fact]
    public async Task All_connections_but_disconnected_ones_are_checked_daily()
    {
        var (ours, theirs) = (await Given(Some.Connection()), await Given(Some.Connection(organizationId: Some.OtherOrganizationId)));
        var disconnected = Some.Connection();
        disconnected.Disconnect();
        await Given(disconnected);

        await Send(new CheckEveryConnection());

        Assert.Equal([new CheckConnection(ours.Id), new CheckConnection(theirs.Id)], Jobs.Enqueued);
    }

    private async Task<ConnectionModel> StatusAsync() => Assert.Single((await Send(new GetIntegrationStatus())).Connections);
}
