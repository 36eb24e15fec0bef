using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Operations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Application.UserAccounts;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Audit;

/// <summary>What the commands write into the audit log.</summary>
public class AuditLogTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task System_config_shows_which_fields_changed_and_no_secret()
    {
        await Send(new UpdateSystemConfig("42", "the secret", "the token"));
        await Send(new UpdateSystemConfig("43", null, "the token"));

        var entries = await EntriesAsync();
        Assert.All(entries, e => Assert.Equal((null, AuditActions.SystemConfigChanged), (e.OrganizationId, e.Action)));
        Assert.Equal(
            """{"metaMessagingAppId":[null,"42"],"metaMessagingAppSecret":[null,"changed"],"metaMessagingVerifyToken":[null,"changed"]}""",
            entries[0].Changes);
        Assert.Equal("""{"metaMessagingAppId":["42","43"]}""", entries[1].Changes);
    }

    [Fact]
    public async Task An_entry_says_who_from_where_and_when()
    {
        await Send(new CreateCannedReply("Hours", "hours", "We open at 9."));

        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal((Some.OrganizationId, Clock.Now, "203.0.113.9"), (entry.OrganizationId!.Value, entry.At, entry.Address));
        Assert.Equal((AuditActorType.Person, Some.AdminId, "Maria Lind"), (entry.ActorType, entry.ActorId!.Value, entry.ActorName));
    }

    [Fact]
    public async Task Canned_replies_show_what_they_said_before()
    {
        var reply = await Send(new CreateCannedReply("Hours", "hours", "We open at 9."));
        await Send(new UpdateCannedReply(reply.Id, "Hours", "hours", "We open at 8."));
        await Send(new DeleteCannedReply(reply.Id));

        var entries = await EntriesAsync();
        Assert.Equal(["cannedReply.created", "cannedReply.changed", "cannedReply.deleted"], entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal(("cannedReply", $"{reply.Id}", "Hours"), (e.TargetType, e.TargetId, e.TargetName)));
        Assert.Equal("""{"text":["We open at 9.","We open at 8."]}""", entries[1].Changes);
    }

    [Fact]
    public async Task A_change_to_what_is_there_already_leaves_no_entry()
    {
        var reply = await Send(new CreateCannedReply("Hours", "hours", "We open at 9."));

        await Send(new UpdateCannedReply(reply.Id, "Hours", "hours", "We open at 9."));

        Assert.Equal("cannedReply.created", Assert.Single(await EntriesAsync()).Action);
    }

    [Fact]
    public async Task A_change_that_fails_leaves_no_entry()
    {
        await Send(new CreateCannedReply("Hours", "hours", "We open at 9."));

        await Assert.ThrowsAnyAsync<Exception>(() => Send(new CreateCannedReply("Others", "hours", "Text")));

        Assert.Single(await EntriesAsync());
    }

    [Fact]
    public async Task Connections_are_recorded_when_they_are_made_break_recover_and_end()
    {
        var pending = await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, "1", "token", [Some.Page("1")], Clock.Now));
        var id = (await Send(new ConnectPage(pending.Id, "1"))).Id;
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(false, null, null, "The password has changed."));
        for (var day = 0; day < 2; day++) await Send(new CheckConnection(id));
        MetaOAuth.OnInspect = _ => Task.FromResult(new TokenInspection(true, null, null, null));
        await Send(new CheckConnection(id));
        await Send(new DisconnectPage(id));

        var entries = await EntriesAsync();
        Assert.Equal(
            ["connection.connected", "connection.reauthorizationRequired", "connection.recovered", "connection.disconnected"],
            entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal(("connection", $"{id}"), (e.TargetType, e.TargetId)));
        Assert.Equal(
            [AuditActorType.Person, AuditActorType.System, AuditActorType.System, AuditActorType.Person], entries.Select(e => e.ActorType));
        Assert.Equal(
            """{"state":["active","reauthorizationRequired"],"problem":[null,"The password has changed."]}""", entries[1].Changes);
    }

    [Fact]
    public async Task A_message_that_is_refused_because_of_the_token_is_recorded_once()
    {
        var conversation = Some.Conversation();
        for (var i = 0; i < 2; i++) await Given(Some.Queued(conversation));
        MetaMessages.RefuseSends(RefusalClass.Token);
        for (var i = 0; i < 2; i++) await Send(new DeliverMessages(conversation.Id));

        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal(
            (Some.OrganizationId, AuditActions.ConnectionReauthorizationRequired, AuditActorType.System),
            (entry.OrganizationId!.Value, entry.Action, entry.ActorType));
    }

    [Fact]
    public async Task Contacts_are_recorded_without_their_names()
    {
        var (one, other) = (Some.Conversation(), Some.Conversation());
        await Given(one);
        await Given(other);
        await Send(new RenameContact(one.ContactId, "Frida Sommer"));
        await Send(new MergeContacts(one.ContactId, other.ContactId));
        await Send(new EraseContact(one.ContactId));

        var entries = await EntriesAsync();
        Assert.Equal(["contact.renamed", "contact.merged", "contact.erased"], entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal(("contact", $"{one.ContactId}", null), (e.TargetType, e.TargetId, e.TargetName)));
        Assert.Equal(
            ["""{"name":[null,"changed"]}""", $$"""{"mergedContactId":[null,{{other.ContactId}}]}""", null],
            entries.Select(e => e.Changes));
    }

    [Fact]
    public async Task Replays_are_recorded_in_the_organization_of_the_deliveries()
    {
        var delivery = await GivenDeliveryAsync();
        await Send(new ReplayWebhookDelivery(delivery));
        await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed, Q: "7654321098765432"));

        var entries = await EntriesAsync();
        Assert.All(entries, e => Assert.Equal((Some.OrganizationId, "delivery.replayed"), (e.OrganizationId!.Value, e.Action)));
        Assert.Equal(["webhookDelivery", "deliveryReplay"], entries.Select(e => e.TargetType));
        Assert.Equal("""{"state":[null,"failed"],"q":[null,"changed"]}""", entries[1].Changes);
    }

    [Fact]
    public async Task Sign_ins_are_recorded_up_to_the_lockout_and_not_after_it()
    {
        for (var i = 0; i < 8; i++) await FailAsync("maria@bluecup.example", "wrong");
        var session = await SendAnonymously(new StartSession(Some.AdminId));
        await Send(new SignOut(session.SessionId));

        var entries = await EntriesAsync();
        Assert.Equal(
            [.. Enumerable.Repeat("signIn.failed", 5), "signIn.lockedOut", "signIn.succeeded", "session.ended"],
            entries.Select(e => e.Action));
        Assert.All(entries[..7], e => Assert.Equal(
            (Some.OrganizationId, Some.AdminId, "member", $"{Some.AdminId}"),
            (e.OrganizationId!.Value, e.ActorId!.Value, e.TargetType, e.TargetId)));
    }

    [Fact]
    public async Task A_sign_in_with_an_unknown_address_does_not_store_what_was_typed()
    {
        await FailAsync("stranger@example.com", "my other password");

        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal((null, AuditActions.SignInFailed, null), (entry.OrganizationId, entry.Action, entry.ActorId));
        Assert.Equal(("Unknown", "member", null, null), (entry.ActorName, entry.TargetType, entry.TargetName, entry.Changes));
    }

    [Fact]
    public async Task A_refresh_token_that_is_used_twice_ends_the_session_with_an_entry()
    {
        var session = await SendAnonymously(new StartSession(Some.AdminId));
        var refresh = new RefreshSignIn(Some.AdminId, session);
        await SendAnonymously(refresh);
        await Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(refresh));

        var entry = (await EntriesAsync())[^1];
        Assert.Equal(
            (AuditActions.SessionEnded, AuditActorType.System, $"{Some.AdminId}", Some.OrganizationId),
            (entry.Action, entry.ActorType, entry.TargetId, entry.OrganizationId!.Value));
    }

    [Fact]
    public async Task Setting_up_records_the_organization_and_its_first_member()
    {
        await Change(async db =>
        {
            await db.Memberships.ExecuteDeleteAsync();
            await db.Organizations.ExecuteDeleteAsync();
            await ((AppDbContext)db).Users.ExecuteDeleteAsync();
        });

        var user = await SendAnonymously(new SetUp("Mine", "Ada", "ada@example.com", "long enough password"));

        var entries = await EntriesAsync();
        Assert.Equal(["organization.created", "member.joined"], entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal((user.Id, "Ada"), (e.ActorId!.Value, e.ActorName)));
        Assert.Equal("""{"roles":[null,["admin","agent","ops"]]}""", entries[1].Changes);
    }

    private Task<List<AuditEntry>> EntriesAsync() => Rows(db => db.AuditEntries.AsNoTracking().OrderBy(e => e.Id));

    private Task<UnauthenticatedException> FailAsync(string email, string password) =>
        Assert.ThrowsAsync<UnauthenticatedException>(() => SendAnonymously(new SignIn(email, password)));

    private async Task<long> GivenDeliveryAsync()
    {
        var delivery = new WebhookDelivery(Payload.Text("Hello", "m_1"), Clock.Now);
        delivery.Finish("page", [EventOutcome.Failed("broken") with { OrganizationId = Some.OrganizationId }], Clock.Now);
        return (await Given(delivery)).Id;
    }
}
