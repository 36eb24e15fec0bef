using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public class OrganizationFilterTests(SliceFixture app) : SliceTest(app)
{
    private readonly SliceFixture app = app;

    [Fact]
    public void Everything_that_belongs_to_an_organization_is_filtered()
    {
        using var db = DesignTime.Sqlite();

        var open = db.Model.GetEntityTypes()
            .Where(e => typeof(IOwnedByOrganization).IsAssignableFrom(e.ClrType) && e.GetDeclaredQueryFilters().Count == 0)
            .Select(e => e.ClrType.Name);

        Assert.Empty(open);
    }

    [Fact]
    public async Task An_organization_sees_its_own_rows_only()
    {
        await Given(Some.Inbound(Some.Conversation(), "ours"));
        await Given(Some.Inbound(Some.Conversation(organizationId: Some.OtherOrganizationId), "theirs"));

        await using var work = Enter(Some.OrganizationId);
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();

        Assert.Equal(["ours"], await db.Messages.Select(m => m.Text).ToListAsync(TestContext.Current.CancellationToken));
        Assert.All(await db.Contacts.ToListAsync(TestContext.Current.CancellationToken), c => Assert.Equal(Some.OrganizationId, c.OrganizationId));
        Assert.All(await db.Conversations.ToListAsync(TestContext.Current.CancellationToken), c => Assert.Equal(Some.OrganizationId, c.OrganizationId));
        Assert.All(await db.Connections.ToListAsync(TestContext.Current.CancellationToken), c => Assert.Equal(Some.OrganizationId, c.OrganizationId));
        Assert.All(await db.FacebookIdentities.ToListAsync(TestContext.Current.CancellationToken), c => Assert.Equal(Some.OrganizationId, c.OrganizationId));
    }

    [Fact]
    public async Task Before_anybody_has_entered_nothing_is_visible()
    {
        await Given(Some.Inbound(Some.Conversation()));

        await using var work = app.Services.CreateAsyncScope();

        Assert.Empty(await work.ServiceProvider.GetRequiredService<AppDbContext>().Messages.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Workers_see_every_organization()
    {
        await Given(Some.Conversation());
        await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        Assert.Equal(2, await Count(db => db.Conversations));
    }

    [Fact]
    public async Task Writing_into_another_organization_is_a_bug_that_shows()
    {
        await using var work = Enter(Some.OrganizationId);
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Contacts.Add(Contact.FromFacebook(Some.OtherOrganizationId, "1", "2", Some.Now));

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal(0, await Count(d => d.Contacts));
    }

    [Fact]
    public async Task Deleting_another_organizations_row_is_a_bug_that_shows()
    {
        var theirs = await Given(Contact.FromFacebook(Some.OtherOrganizationId, "1", "2", Some.Now));
        await using var work = Enter(Some.OrganizationId);
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Contacts.Remove(theirs);

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, await Count(d => d.Contacts));
    }

    [Fact]
    public void A_unit_of_work_cannot_change_its_organization()
    {
        var scope = new OrganizationScope();
        scope.Enter(1);
        scope.Enter(1);

        Assert.Throws<InvalidOperationException>(() => scope.Enter(2));
        Assert.Throws<InvalidOperationException>(scope.EnterSystem);
    }

    [Fact]
    public void The_workers_unit_of_work_cannot_become_an_organizations()
    {
        var scope = new OrganizationScope();
        scope.EnterSystem();

        Assert.Throws<InvalidOperationException>(() => scope.Enter(1));
    }

    private AsyncServiceScope Enter(long organizationId)
    {
        var work = app.Services.CreateAsyncScope();
        work.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(organizationId);
        return work;
    }
}
