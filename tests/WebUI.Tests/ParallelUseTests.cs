using MetaMessaging.Domain.Audit;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What may be used once, used a thousand times at the same time. Invitations and reset links have tests of their own.</summary>
public sealed class ParallelUseTests(AppFixture fixture)
{
    private const int Uses = 1000;

    [Fact]
    public async Task Of_a_thousand_uses_of_one_refresh_token_one_wins_and_the_session_ends_with_one_entry()
    {
        var agent = (await fixture.App.CreateTenantAsync()).Agent;
        using var client = fixture.App.Anonymous();

        var answers = await Task.WhenAll(Enumerable.Range(0, Uses).Select(
            _ => client.PostAsync("api/auth/refresh", new { refreshToken = agent.Api.RefreshToken })));

        var winner = Assert.Single(answers, answer => answer.Status is 200);
        Assert.All(
            answers.Where(answer => answer != winner), answer => Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code)));
        Assert.Equal(401, (await client.PostAsync("api/auth/refresh", new { refreshToken = (string)winner.Json["refreshToken"]! })).Status);
        Assert.Equal(401, (await agent.Api.GetAsync("api/me")).Status);
        Assert.Equal(1, await fixture.App.InDatabaseAsync(db => db.AuditEntries.CountAsync(
            e => e.Action == AuditActions.SessionEnded && e.TargetId == $"{agent.UserId}")));
    }

    [Fact]
    public async Task Of_a_thousand_uses_of_one_state_of_the_dialog_one_wins()
    {
        var admin = (await fixture.App.CreateTenantAsync()).Admin.Api;
        var start = await admin.GetAsync("api/integrations/meta/oauth-url");
        var callback = await admin.AnswerDialogAsync((string)start.Json["url"]!, [], action: "cancel");

        var pages = await Task.WhenAll(Enumerable.Range(0, Uses).Select(_ => admin.FinishAsync(callback)));

        Assert.Single(pages, page => page == "/settings/integrations?meta_error=access_denied");
        Assert.Equal(Uses - 1, pages.Count(page => page == "/settings/integrations?meta_error=invalid_state"));
    }
}
