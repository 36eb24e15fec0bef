using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Testing;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphProfilesTests : GraphTest
{
    [Fact]
    public async Task A_profile_on_Messenger_has_a_name_and_a_picture()
    {
        Meta.On($"GET /v25.0/{Psid}", Reply.Sample("profile-messenger"));

        var profile = await Profiles.GetProfileAsync(OnMessenger, Cancellation);

        Assert.Equal(("Peter Chang", null, "platform-lookaside.fbsbx.com"), (profile.Name, profile.Username, profile.PictureUrl?.Host));
        Assert.Equal("first_name,last_name,name,profile_pic", Meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task A_profile_on_Instagram_may_have_a_username_only()
    {
        Meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram-null-name"));

        var profile = await Profiles.GetProfileAsync(OnInstagram, Cancellation);

        Assert.Equal((null, "private_user_77", null), (profile.Name, profile.Username, profile.PictureUrl));
        Assert.Equal("name,username,profile_pic", Meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task Further_Instagram_fields_are_read_separately_and_may_be_refused()
    {
        Meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram"));
        var whole = await Profiles.GetProfileAsync(OnInstagram, Cancellation);
        Meta.On($"GET /v25.0/{Igsid}", Reply.Sample("profile-instagram-null-name"), Reply.Sample("error-100-invalid-parameter", 400));
        var part = await Profiles.GetProfileAsync(OnInstagram, Cancellation);

        Assert.NotNull(whole.FollowerCount);
        Assert.Equal((true, true, true), (whole.IsVerified.HasValue, whole.FollowsBusiness.HasValue, whole.FollowedByBusiness.HasValue));
        Assert.Equal(("private_user_77", (int?)null), (part.Username, part.FollowerCount));
        Assert.Equal("is_verified_user,follower_count,is_user_follow_business,is_business_follow_user", Meta.Calls[1].Parameter("fields"));
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
    public async Task Every_documented_answer_changes_the_contact_and_the_connection(
        string sample, int status, ProfileState state, int? staleAfterHours, string? connectionIs)
    {
        Meta.On($"GET /v25.0/{Igsid}", Reply.Sample(sample, status));
        var contact = Contact.FromInstagram(1, "17841400000000001", Igsid, Now);
        var connection = Some.Connection();

        try
        {
            var profile = await Profiles.GetProfileAsync(OnInstagram, Cancellation);
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
        var found = connection switch
        {
            { ProfilesPausedUntil: { } until } when until > Now => "paused",
            { CanCallMeta: false } => "expired",
            { Problem: not null } => "warned",
            _ => null,
        };
        Assert.Equal(connectionIs, found);
    }

    [Theory]
    [InlineData(
        "X-Business-Use-Case-Usage",
        """{"17841400000000001":[{"type":"instagram","call_count":10,"total_cputime":95,"estimated_time_to_regain_access":0}]}""",
        5)]
    [InlineData(
        "X-Business-Use-Case-Usage",
        """{"17841400000000001":[{"call_count":10},{"call_count":100,"estimated_time_to_regain_access":19}]}""",
        19)]
    [InlineData("X-App-Usage", "{\"call_count\":91,\"total_cputime\":1,\"total_time\":1}", 5)]
    [InlineData("X-Business-Use-Case-Usage", "{\"17841400000000001\":[{\"call_count\":89}]}", null)]
    [InlineData("X-Business-Use-Case-Usage", "{\"109876543210987\":[{\"call_count\":99}]}", null)]
    [InlineData("X-Business-Use-Case-Usage", "no JSON", null)]
    [InlineData("X-Business-Use-Case-Usage", "[1]", null)]
    public async Task Near_the_hourly_limit_no_profile_is_read(string header, string value, int? minutes)
    {
        Meta.On($"GET /v25.0/{Igsid}", Reply.Json($$"""{"username":"ada","id":"{{Igsid}}"}""", 200, (header, value)));
        await Profiles.GetProfileAsync(OnInstagram, Cancellation);
        var calls = Meta.Calls.Count;

        var again = await Record.ExceptionAsync(() => Profiles.GetProfileAsync(OnInstagram, Cancellation)) as GraphException;

        Assert.Equal(minutes, again?.Refusal.RetryAfter?.TotalMinutes);
        Assert.Equal(minutes is null, Meta.Calls.Count > calls);
    }

    [Theory]
    [InlineData("profile-messenger-empty")]
    [InlineData("profile-messenger-id-only")]
    public async Task A_profile_that_is_not_shown_is_empty(string sample)
    {
        Meta.On($"GET /v25.0/{Psid}", Reply.Sample(sample));

        Assert.Equal(new MetaProfile(null, null, null), await Profiles.GetProfileAsync(OnMessenger, Cancellation));
    }

    [Fact]
    public async Task When_a_field_is_forbidden_only_the_name_is_read()
    {
        Meta.On(
            $"GET /v25.0/{Psid}",
            Reply.Sample("error-100-invalid-parameter", 400), Reply.Json("""{"first_name":"Peter","last_name":"Chang","id":"1"}"""));

        Assert.Equal("Peter Chang", (await Profiles.GetProfileAsync(OnMessenger, Cancellation)).Name);
        Assert.Equal("name", Meta.Calls[1].Parameter("fields"));
    }

    [Theory]
    [InlineData("error-100-33-unsupported-get", RefusalClass.Permission)]
    [InlineData("error-100-2018218-no-profile", RefusalClass.Profile)]
    [InlineData("error-230-user-consent", RefusalClass.Profile)]
    public async Task A_refused_profile_is_not_read_again(string sample, RefusalClass expected)
    {
        Meta.On($"GET /v25.0/{Psid}", Reply.Sample(sample, 400));

        Assert.Equal(expected, (await Refused(() => Profiles.GetProfileAsync(OnMessenger, Cancellation))).Class);
        Assert.Single(Meta.Calls);
    }
}
