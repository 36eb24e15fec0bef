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
        MetaOAuth.OnExchange = () => new UserGrant("user-token", "1", [.. MetaPermissions.All.Where(p => p != missing)]);

        Assert.Equal("missing_permissions", (await ReturnAsync(await BeginAsync())).Error);
        Assert.Equal(0, await Count(db => db.PendingConnections));
    }

    [Fact]
    public async Task Without_the_instagram_permissions_messenger_still_connects()
    {
        MetaOAuth.OnExchange = () => new UserGrant("user-token", "1", MetaPermissions.Required);

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
