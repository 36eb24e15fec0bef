using MetaMessaging.Application.Connections;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Connections;

public class DeleteExpiredOAuthAttemptsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task States_and_pending_connections_are_deleted_after_they_expire()
    {
        await Given(new OAuthState("state", "browser", Some.OrganizationId, Some.AdminId, Clock.Now));
        await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, null, "token", [Some.Page()], Clock.Now));

        await Send(new DeleteExpiredOAuthAttempts());
        Assert.Equal((1, 1), (await Count(db => db.OAuthStates), await Count(db => db.PendingConnections)));
        Clock.Advance(TimeSpan.FromMinutes(11));
        await Send(new DeleteExpiredOAuthAttempts());

        Assert.Equal((0, 0), (await Count(db => db.OAuthStates), await Count(db => db.PendingConnections)));
    }
}
