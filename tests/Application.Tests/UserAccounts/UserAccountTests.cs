using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Application.UserAccounts;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Organizations;
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

    [Theory]
    [InlineData("", "Me", "me@example.com", "long enough password")]
    [InlineData("Mine", "", "me@example.com", "long enough password")]
    [InlineData("Mine", "Me", "no address", "long enough password")]
    [InlineData("Mine", "Me", "me@example.com", "")]
    public async Task Setting_up_needs_all_of_it(string organization, string name, string email, string password) =>
        await Assert.ThrowsAsync<ValidationException>(() => SendAnonymously(new SetUp(organization, name, email, password)));

    [Fact]
    public async Task A_wrong_pair_and_nobody_look_the_same()
    {
        var wrong = await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new SignIn("nobody@example.com", "x")));
        await Assert.ThrowsAsync<ValidationException>(() => SendAnonymously(new SignIn("", "")));

        Assert.Equal("The e-mail address or the password is wrong.", wrong.Message);
    }

    [Fact]
    public async Task What_somebody_may_do_is_read_anew_every_time()
    {
        Assert.Equal(OrganizationRoles.All, (await ResolveAsync()).Roles);

        await Change(async db => db.Memberships.Remove(await db.Memberships.SingleAsync(m => m.UserId == Some.AdminId)));

        var resolved = await ResolveAsync();
        Assert.Equal((OrganizationRoles.None, (long?)null), (resolved.Roles, resolved.OrganizationId));
    }

    [Fact]
    public async Task Somebody_who_is_gone_or_revoked_is_nobody()
    {
        await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new ResolveCaller(4711, "stamp")));
        await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new ResolveCaller(Some.AdminId, "another stamp")));
        await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new ResolveCaller(Some.AdminId, null)));
        await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new RefreshSignIn(Some.AdminId, null)));
    }

    [Fact]
    public async Task Me_is_who_i_am_and_what_i_may()
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
        Assert.Equal(("43", "secret", "verify 2"), (config.MetaMessagingAppId, config.MetaMessagingAppSecret, config.MetaMessagingVerifyToken));
        Assert.True((await Send(new GetSystemConfig())).HasAppSecret);
    }

    [Theory]
    [InlineData("", "verify")]
    [InlineData("42", "")]
    [InlineData("42", " ")]
    public async Task System_config_needs_an_app_and_a_token(string appId, string token) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new UpdateSystemConfig(appId, "secret", token)));

    private Task<CallerModel> ResolveAsync() => SendAnonymously(new ResolveCaller(Some.AdminId, "stamp of maria@bluecup.example"));
}
