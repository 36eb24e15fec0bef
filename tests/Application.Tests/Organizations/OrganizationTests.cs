using System.Text;
using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Organizations;

public class OrganizationTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_suspended_organization_sends_nothing_and_goes_on_when_it_is_active_again()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        await Send(new UpdateOrganization(Some.OrganizationId, null, OrganizationState.Suspended));

        await Send(new DeliverMessages(message.ConversationId));
        Assert.Empty(MetaMessages.Sent);
        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);

        await Send(new UpdateOrganization(Some.OrganizationId, null, OrganizationState.Active));
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task An_organization_that_is_erased_while_the_list_is_read_is_left_out()
    {
        IReadOnlyList<OrganizationOverview> overviews = [];
        await Change(async db =>
        {
            var known = await db.Organizations.AsNoTracking().SingleAsync(o => o.Id == Some.OrganizationId);
            overviews = await db.DescribeAsync([known, new Organization("Erased", Clock.Now)], Clock.Now, CancellationToken.None);
        });

        Assert.Equal([Some.OrganizationId], overviews.Select(o => o.Id));
    }

    [Fact]
    public async Task A_suspended_organizations_messages_are_still_received()
    {
        await Given(Some.SampleConnection());
        await Send(new UpdateOrganization(Some.OrganizationId, null, OrganizationState.Suspended));

        await Receive(Payload.Text("Hello", "m_1").ToArray());

        Assert.Equal("Hello", (await Row(db => db.Messages)).Text);
    }

    [Fact]
    public async Task Deleting_needs_the_name_and_erases_everything_of_the_organization_and_nothing_of_others()
    {
        var deleted = await SeedAsync(Some.OtherOrganizationId);
        var kept = await SeedAsync(Some.OrganizationId);
        var name = (await Row(db => db.Organizations.Where(o => o.Id == Some.OtherOrganizationId))).Name;
        await Assert.ThrowsAsync<FluentValidation.ValidationException>(
            () => Send(new DeleteOrganization(Some.OtherOrganizationId, name.ToUpperInvariant() + "?")));

        await Send(new DeleteOrganization(Some.OtherOrganizationId, name));
        Assert.Contains(new EraseOrganizations(), Jobs.Enqueued);
        Assert.Equal("organization_is_deleted", (await Assert.ThrowsAsync<ConflictException>(
            () => Send(new UpdateOrganization(Some.OtherOrganizationId, null, OrganizationState.Active)))).Code);
        await Send(new EraseOrganizations());

        Assert.Equal([Some.OrganizationId], (await Rows(db => db.Organizations)).Select(o => o.Id));
        foreach (var (table, organizations) in await OrganizationsByTableAsync())
            Assert.True(!organizations.Contains(Some.OtherOrganizationId), table);
        Assert.Equal([$"unsubscribe {deleted.PageId}"], MetaPages.Calls);
        Assert.Equal(kept.Id, (await Row(db => db.Connections)).Id);
        Assert.Equal(
            (null, "organization.deleted"),
            (await Rows(db => db.AuditEntries)).Where(e => e.Action == AuditActions.OrganizationDeleted)
                .Select(e => (e.OrganizationId, e.Action)).Single());
    }

    [Fact]
    public async Task A_delivery_with_events_of_several_organizations_loses_those_of_the_deleted_one()
    {
        var (ours, theirs) = (await Given(Some.Connection()), await Given(Some.Connection(organizationId: Some.OtherOrganizationId)));
        var body = $$$"""
            {"object":"page","entry":[{{{EntryOf(theirs, "theirs")}}},{{{EntryOf(ours, "ours")}}}]}
            """;
        await Receive(body);

        await DeleteAsync(Some.OtherOrganizationId);

        var payload = Encoding.UTF8.GetString((await Row(db => db.WebhookDeliveries)).Payload);
        Assert.Contains("ours words", payload, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs words", payload, StringComparison.Ordinal);
        Assert.Equal("ours words", (await Row(db => db.Messages)).Text);
    }

    [Fact]
    public async Task Many_rows_are_erased_in_several_runs()
    {
        var conversation = await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));
        await Change(async db =>
        {
            var existing = await db.Conversations.Include(c => c.Connection).Include(c => c.Contact).SingleAsync();
            for (var i = 0; i < 1100; i++) db.Messages.Add(Some.Inbound(existing, $"Message {i}"));
        });

        var erasing = DeleteAsync(Some.OtherOrganizationId);
        await Until.True(async () =>
        {
            Clock.Advance(TimeSpan.FromMinutes(2));   // the first run ends after a minute
            return erasing.IsCompleted || await Count(db => db.Messages) < 1100;
        }, "the first chunk is erased");
        await EndAsync(erasing, TimeSpan.FromMinutes(2));
        Assert.InRange(await Count(db => db.Messages), 100, 1099);

        await Until.True(async () =>
        {
            await EndAsync(Send(new EraseOrganizations()), TimeSpan.FromSeconds(1));
            return await Count(db => db.Organizations) == 1;
        }, "later runs have erased the organization");
        Assert.Equal(0, await Count(db => db.Messages));
        Assert.NotEqual(0, conversation.Id);
    }

    [Fact]
    public async Task An_organizations_first_admin_is_invited_with_it()
    {
        var created = await Send(new CreateOrganization("Green Bowl", "ada@example.com"));

        var invitation = await Row(db => db.Invitations);
        Assert.Equal(
            (created.Id, "ada@example.com", OrganizationRoles.All), (invitation.OrganizationId, invitation.Email, invitation.Roles));
        Assert.EndsWith(created.InviteUrl!.Split('/')[^1], created.Invitation!.InviteUrl, StringComparison.Ordinal);
        Assert.Equal(SecretToken.HashOf(created.InviteUrl.Split('/')[^1]), invitation.TokenHash);
    }

    /// <summary>It waits between its chunks.</summary>
    private async Task EndAsync(Task erasing, TimeSpan step)
    {
        await Until.True(() =>
        {
            Clock.Advance(step);
            return Task.FromResult(erasing.IsCompleted);
        }, "the run has ended");
        await erasing;
    }

    private static string EntryOf(PageConnection connection, string whose) =>
        $$$"""
        {"id":"{{{connection.PageId}}}","time":1760000000000,"messaging":[{"sender":{"id":"{{{Some.Psid}}}"},
          "recipient":{"id":"{{{connection.PageId}}}"},"timestamp":1760000000000,
          "message":{"mid":"m_{{{whose}}}","text":"{{{whose}}} words"}}]}
        """;

    private async Task DeleteAsync(long organizationId)
    {
        var name = (await Row(db => db.Organizations.Where(o => o.Id == organizationId))).Name;
        await Send(new DeleteOrganization(organizationId, name));
        await Send(new EraseOrganizations());
    }

    /// <summary>A row of every kind that a person or a delivery makes.</summary>
    private async Task<PageConnection> SeedAsync(long organizationId)
    {
        var conversation = await Given(Some.Conversation(organizationId: organizationId));
        await Given(Some.Queued(conversation, "Answer"));
        await Given(Some.Inbound(conversation, null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/1.jpg")));
        await Given(ApiKey.Create(organizationId, "Key", [ApiKeyScopes.Ops], null, Clock.Now).Row);
        await Given(Invitation.Create(organizationId, $"{organizationId}@example.com", OrganizationRoles.Ops, null, Clock.Now).Row);
        await Given(new CannedReply(organizationId, "Hours", "hours", "Nine to five", 0, Clock.Now));
        await Given(new PendingConnection(organizationId, 1, null, "token", [Some.Page()], Clock.Now));
        await Given(new UserSession(Some.AdminId, organizationId, null, null, Clock.Now));
        var delivery = new WebhookDelivery(Payload.Text("Hello", $"m_{organizationId}"), Clock.Now);
        delivery.Finish("page", [EventOutcome.Processed with { OrganizationId = organizationId }], Clock.Now);
        await Given(delivery);
        await Change(db =>
        {
            db.AuditEntries.Add(new AuditEntry(organizationId, AuditActor.System, "test", null, null, null, Clock.Now));
            return Task.CompletedTask;
        });
        return conversation.Connection;
    }

    /// <summary>Every table with a column of that name, so that a new one is looked at, too.</summary>
    private async Task<Dictionary<string, List<long>>> OrganizationsByTableAsync()
    {
        var found = new Dictionary<string, List<long>>();
        await Change(async db =>
        {
            var context = (AppDbContext)db;
            foreach (var table in context.Model.GetEntityTypes().Where(t => t.FindProperty("OrganizationId") is not null))
            {
                var sql = $"SELECT DISTINCT organization_id AS \"Value\" FROM {table.GetTableName()} WHERE organization_id IS NOT NULL";
                found[table.GetTableName()!] = await context.Database.SqlQueryRaw<long>(sql).ToListAsync();
            }
        });
        return found;
    }
}
