using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Connections;

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
