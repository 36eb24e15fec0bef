using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Connections;

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
