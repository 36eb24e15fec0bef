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
    public void Every_entity_of_an_organization_has_a_query_filter()
    {
        using var db = DesignTimeContexts.Sqlite();

        var unfiltered = db.Model.GetEntityTypes()
            .Where(e => typeof(IOwnedByOrganization).IsAssignableFrom(e.ClrType) && e.GetDeclaredQueryFilters().Count == 0)
            .Select(e => e.ClrType.Name);

        Assert.Empty(unfiltered);
    }

    [Fact]
    public async Task An_organization_sees_its_own_rows_only()
    {
        await Given(Some.Inbound(Some.Conversation(), "ours"));
        await Given(Some.Inbound(Some.Conversation(organizationId: Some.OtherOrganizationId), "theirs"));

        await using var scope = Enter(Some.OrganizationId);
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();

        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(["ours"], await db.Messages.Select(m => m.Text).ToListAsync(cancellation));
        Assert.Equal([Some.OrganizationId], await db.Contacts.Select(c => c.OrganizationId).ToListAsync(cancellation));
        Assert.Equal([Some.OrganizationId], await db.Conversations.Select(c => c.OrganizationId).ToListAsync(cancellation));
        Assert.Equal([Some.OrganizationId], await db.Connections.Select(c => c.OrganizationId).ToListAsync(cancellation));
        Assert.Equal([Some.OrganizationId], await db.FacebookIdentities.Select(i => i.OrganizationId).ToListAsync(cancellation));
    }

    [Fact]
    public async Task A_unit_of_work_that_entered_no_organization_sees_no_rows()
    {
        await Given(Some.Inbound(Some.Conversation()));

        await using var scope = app.Services.CreateAsyncScope();

        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        Assert.Empty(await db.Messages.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Workers_see_the_rows_of_every_organization()
    {
        await Given(Some.Conversation());
        await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        Assert.Equal(2, await Count(db => db.Conversations));
    }

    [Fact]
    public async Task Writing_a_row_of_another_organization_throws()
    {
        await using var scope = Enter(Some.OrganizationId);
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Contacts.Add(Contact.FromFacebook(Some.OtherOrganizationId, "1", "2", Some.Now));

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));

        Assert.Equal(0, await Count(d => d.Contacts));
    }

    [Fact]
    public async Task Deleting_a_row_of_another_organization_throws()
    {
        var theirs = await Given(Contact.FromFacebook(Some.OtherOrganizationId, "1", "2", Some.Now));
        await using var scope = Enter(Some.OrganizationId);
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
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
        Assert.Throws<InvalidOperationException>(scope.EnterAllOrganizations);
    }

    [Fact]
    public void A_unit_of_work_of_all_organizations_cannot_enter_one()
    {
        var scope = new OrganizationScope();
        scope.EnterAllOrganizations();

        Assert.Throws<InvalidOperationException>(() => scope.Enter(1));
    }

    private AsyncServiceScope Enter(long organizationId)
    {
        var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(organizationId);
        return scope;
    }
}
