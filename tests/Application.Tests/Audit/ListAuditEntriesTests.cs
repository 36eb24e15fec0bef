using FluentValidation;
using MetaMessaging.Application.ApiKeys;
using MetaMessaging.Application.Audit;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Audit;

public class ListAuditEntriesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task An_admin_sees_the_entries_of_the_own_organization_and_a_system_administrator_all()
    {
        var (ours, theirs, everybodys) = (await GivenAsync(), await GivenAsync(Some.OtherOrganizationId), await GivenAsync(null));

        Assert.Equal([ours], await FindAsync(new ListAuditEntries()));
        Assert.Empty(await FindAsync(new ListAuditEntries(OrganizationId: Some.OtherOrganizationId)));
        Caller.IsSystemAdmin = true;
        Assert.Equal([everybodys, theirs, ours], await FindAsync(new ListAuditEntries()));
        Assert.Equal([theirs], await FindAsync(new ListAuditEntries(OrganizationId: Some.OtherOrganizationId)));
    }

    [Fact]
    public async Task Entries_are_found_by_actor_action_target_and_time()
    {
        var created = await GivenAsync(action: AuditActions.ApiKeyCreated, target: new AuditTarget("apiKey", "4", "Shop"));
        Clock.Advance(TimeSpan.FromHours(1));
        var failed = await GivenAsync(action: AuditActions.SignInFailed, actor: new AuditActor(AuditActorType.Person, 7, "100% Ada"));
        var renamed = await GivenAsync(
            action: AuditActions.ContactRenamed, target: new AuditTarget("contact", "4"),
            actor: new AuditActor(AuditActorType.ApiKey, 7, "Shop"));
        var broken = await GivenAsync(action: AuditActions.ConnectionReauthorizationRequired, actor: AuditActor.System);

        Assert.Equal([created], await FindAsync(new ListAuditEntries(Action: "apiKey.created")));
        Assert.Equal([failed], await FindAsync(new ListAuditEntries(Action: "signIn")));
        Assert.Equal([renamed, failed], await FindAsync(new ListAuditEntries(Actor: "7")));
        Assert.Equal([failed], await FindAsync(new ListAuditEntries(Actor: "person:7")));
        Assert.Empty(await FindAsync(new ListAuditEntries(Actor: "person:Ada")));
        Assert.Equal([broken], await FindAsync(new ListAuditEntries(Actor: "system")));
        Assert.Equal([failed], await FindAsync(new ListAuditEntries(Actor: "0% ada")));
        Assert.Equal([renamed, created], await FindAsync(new ListAuditEntries(Target: "4")));
        Assert.Equal([created], await FindAsync(new ListAuditEntries(Target: "apiKey:4")));
        Assert.Equal([renamed], await FindAsync(new ListAuditEntries(Target: "contact")));
        Assert.Equal([created], await FindAsync(new ListAuditEntries(To: Clock.Now)));
        Assert.Equal([broken, renamed, failed], await FindAsync(new ListAuditEntries(From: Clock.Now)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListAuditEntries(Action: "apiKey.creatd")));
    }

    [Fact]
    public async Task Pages_hold_every_entry_once()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++) ids.Insert(0, await GivenAsync());

        var first = await Send(new ListAuditEntries(Limit: 3));
        var second = await Send(new ListAuditEntries(Limit: 3, Cursor: first.NextCursor));
        Assert.Equal(ids, first.Items.Concat(second.Items).Select(e => e.Id));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task A_contact_is_shown_with_its_present_name_and_after_its_erasure_with_none()
    {
        var conversation = await Given(Some.Conversation());
        await Send(new RenameContact(conversation.ContactId, "Frida Sommer"));
        Assert.Equal(("contact", "Frida Sommer"), await TargetAsync());

        await Send(new EraseContact(conversation.ContactId));
        Assert.Equal(("contact", null), await TargetAsync());

        async Task<(string, string?)> TargetAsync()
        {
            var target = (await Send(new ListAuditEntries(Action: AuditActions.ContactRenamed))).Items[0].Target;
            Assert.Equal(conversation.ContactId, target.Id);
            return (target.Type, target.Name);
        }
    }

    [Fact]
    public async Task Changes_are_fields_with_the_values_before_and_after()
    {
        await Send(new CreateApiKey("Shop", ["messages:send"]));

        var entry = Assert.Single((await Send(new ListAuditEntries())).Items);
        Assert.Equal(["", """["messages:send"]"""], entry.Changes["scopes"].Select(value => value.ToString()));
    }

    [Fact]
    public async Task Lists_are_read_along_an_index_without_sorting()
    {
        Assert.SkipUnless(await InContextAsync(db => Task.FromResult(db.Database.IsSqlite())), "The plan is SQLite's.");

        const string Columns = "at_id_action_actor_type_actor_id_target_type_target_id";
        Assert.Equal([$"SEARCH a USING INDEX ix_audit_entries_organization_id_{Columns} (organization_id=? AND at<?)"], await PlanAsync(
            entries => entries.Where(e => e.OrganizationId == Some.OrganizationId), new ListAuditEntries(Action: "apiKey", To: Clock.Now)));
        Assert.Equal([$"SCAN a USING INDEX ix_audit_entries_{Columns}"], await PlanAsync(entries => entries, new ListAuditEntries()));
    }

    private Task<List<string>> PlanAsync(Func<IQueryable<AuditEntry>, IQueryable<AuditEntry>> visible, IAuditFilter filter) =>
        InContextAsync(async db =>
        {
            var query = visible(db.AuditEntries).Matching(filter).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(51);
            await using var command = query.CreateDbCommand();
            command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
            await db.Database.OpenConnectionAsync();
            await using var reader = await command.ExecuteReaderAsync();
            var steps = new List<string>();
            while (await reader.ReadAsync()) steps.Add(reader.GetString(3));
            return steps;
        });

    private async Task<T> InContextAsync<T>(Func<AppDbContext, Task<T>> work)
    {
        T? result = default;
        await Change(async db => result = await work((AppDbContext)db));
        return result!;
    }

    private async Task<long> GivenAsync(
        long? organizationId = Some.OrganizationId, string action = AuditActions.MemberChanged, AuditTarget? target = null,
        AuditActor? actor = null) =>
        (await Given(new AuditEntry(
            organizationId, actor ?? new AuditActor(AuditActorType.Person, Some.AdminId, "Maria Lind"), action, target, null, null,
            Clock.Now))).Id;

    private async Task<IEnumerable<long>> FindAsync(ListAuditEntries request) => (await Send(request)).Items.Select(e => e.Id);
}
