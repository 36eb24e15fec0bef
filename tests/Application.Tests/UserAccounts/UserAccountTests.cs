using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Application.UserAccounts;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.UserAccounts;

public class UserAccountTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Setting_up_works_once()
    {
        Assert.True(await SendAnonymously(new IsSetUp()));

        Assert.Equal("already_set_up", (await Assert.ThrowsAsync<ConflictException>(
            () => SendAnonymously(new SetUp("Mine", "Me", "me@example.com", "long enough password")))).Code);
    }

    [Fact]
    public async Task Of_first_visits_at_the_same_time_one_sets_up_and_nothing_is_left_of_the_others()
    {
        await Change(async db =>
        {
            await db.Memberships.ExecuteDeleteAsync();
            await db.Organizations.ExecuteDeleteAsync();
            await ((AppDbContext)db).Users.ExecuteDeleteAsync();
        });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => TrySetUpAsync($"Visitor {i}"))));

        Assert.Equal(["already_set_up", "already_set_up", "already_set_up", "done"], outcomes.Order());
        var organization = await Row(db => db.Organizations);
        var user = await Row(db => ((AppDbContext)db).Users);
        var membership = await Row(db => db.Memberships);
        Assert.Equal((organization.Id, user.Id, organization.Name), (membership.OrganizationId, membership.UserId, user.Name));
    }

    [Theory]
    [InlineData("", "Me", "me@example.com", "long enough password")]
    [InlineData("Mine", "", "me@example.com", "long enough password")]
    [InlineData("Mine", "Me", "no address", "long enough password")]
    [InlineData("Mine", "Me", "me@example.com", "")]
    public async Task Setting_up_needs_every_field(string organization, string name, string email, string password) =>
        await Assert.ThrowsAsync<ValidationException>(() => SendAnonymously(new SetUp(organization, name, email, password)));

    [Fact]
    public async Task An_unknown_address_gets_the_same_message_as_a_wrong_password()
    {
        var wrong = await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new SignIn("nobody@example.com", "x")));
        await Assert.ThrowsAsync<ValidationException>(() => SendAnonymously(new SignIn("", "")));

        Assert.Equal("The e-mail address or the password is wrong.", wrong.Message);
    }

    [Fact]
    public async Task Roles_are_read_at_every_request()
    {
        Assert.Equal(OrganizationRoles.All, (await ResolveAsync()).Roles);

        await Change(async db => db.Memberships.Remove(await db.Memberships.SingleAsync(m => m.UserId == Some.AdminId)));

        var resolved = await ResolveAsync();
        Assert.Equal((OrganizationRoles.None, (long?)null), (resolved.Roles, resolved.OrganizationId));
    }

    [Fact]
    public async Task A_deleted_account_or_session_is_unauthenticated()
    {
        var session = await SendAnonymously(new StartSession(Some.AdminId));
        await EnsureUnauthenticatedAsync(new ResolveCaller(4711, session.SessionId));
        await EnsureUnauthenticatedAsync(new ResolveCaller(Some.AdminId, session.SessionId + 1));
        await EnsureUnauthenticatedAsync(new RefreshSignIn(4711, session));
    }

    [Fact]
    public async Task Me_shows_the_user_the_organization_and_the_roles()
    {
        Caller.Roles = OrganizationRoles.Agent | OrganizationRoles.Ops;

        var me = await Send(new GetMe());

        Assert.Equal((Some.AdminId, "Blue Cup Coffee"), (me.Id, me.Organization!.Name));
        Assert.Equal([OrganizationRoles.Agent, OrganizationRoles.Ops], me.Roles);
    }

    [Fact]
    public async Task System_config_keeps_the_secret_when_none_is_given()
    {
        await Send(new UpdateSystemConfig("42", "secret", "verify"));

        await Send(new UpdateSystemConfig("43", null, "verify 2"));
        await Send(new UpdateSystemConfig("43", " ", "verify 2"));

        var config = await Row(db => db.SystemConfig);
        Assert.Equal(
            ("43", "secret", "verify 2"), (config.MetaMessagingAppId, config.MetaMessagingAppSecret, config.MetaMessagingVerifyToken));
        Assert.True((await Send(new GetSystemConfig())).HasAppSecret);
    }

    [Theory]
    [InlineData("", "verify")]
    [InlineData("42", "")]
    [InlineData("42", " ")]
    public async Task System_config_needs_an_app_and_a_token(string appId, string token) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new UpdateSystemConfig(appId, "secret", token)));

    [Fact]
    public async Task A_session_that_is_not_used_for_two_weeks_is_over()
    {
        var session = await SendAnonymously(new StartSession(Some.AdminId));
        Clock.Advance(TimeSpan.FromDays(13));
        await SendAnonymously(new ResolveCaller(Some.AdminId, session.SessionId));
        Clock.Advance(TimeSpan.FromDays(13));
        await SendAnonymously(new ResolveCaller(Some.AdminId, session.SessionId));

        Clock.Advance(TimeSpan.FromDays(14));

        await EnsureUnauthenticatedAsync(new ResolveCaller(Some.AdminId, session.SessionId));
        await EnsureUnauthenticatedAsync(new RefreshSignIn(Some.AdminId, session));
        await Send(new DeleteUnusedSessions());
        Assert.Equal(0, await Count(db => db.UserSessions));
    }

    private Task<UnauthenticatedException> EnsureUnauthenticatedAsync<T>(IRequest<T> request) =>
        Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(request));

    private async Task<CallerModel> ResolveAsync()
    {
        var session = await SendAnonymously(new StartSession(Some.AdminId));
        return await SendAnonymously(new ResolveCaller(Some.AdminId, session.SessionId));
    }

    private async Task<string> TrySetUpAsync(string name)
    {
        try
        {
            await SendAnonymously(new SetUp(name, name, $"{name.Replace(' ', '.')}@example.com", "long enough password"));
            return "done";
        }
        catch (ConflictException exception)
        {
            return exception.Code;
        }
    }
}
