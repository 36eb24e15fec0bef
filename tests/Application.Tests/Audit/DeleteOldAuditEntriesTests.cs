using MetaMessaging.Application.Audit;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Audit;

public class DeleteOldAuditEntriesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Entries_are_deleted_when_they_are_older_than_their_organization_keeps_them()
    {
        await Change(async db => (await db.Organizations.SingleAsync(o => o.Id == Some.OrganizationId))
            .ChangeRetention(new Retention(null, null, null, AuditDays: 30)));
        await GivenAsync(Some.OrganizationId, days: 31, count: 3);
        await GivenAsync(Some.OrganizationId, days: 29, count: 2);
        await GivenAsync(Some.OtherOrganizationId, days: 400, count: 1);
        await GivenAsync(null, days: 400, count: 1);

        await Send(new DeleteOldAuditEntries());

        Assert.Equal([Some.OrganizationId, Some.OrganizationId, Some.OtherOrganizationId, null], await LeftAsync());
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task Many_entries_are_deleted_in_one_run()
    {
        await Change(async db => (await db.Organizations.SingleAsync(o => o.Id == Some.OrganizationId))
            .ChangeRetention(new Retention(null, null, null, AuditDays: 30)));
        await GivenAsync(Some.OrganizationId, days: 31, count: 1100);

        await Send(new DeleteOldAuditEntries());

        Assert.Empty(await LeftAsync());
    }

    private Task<List<long?>> LeftAsync() => Rows(db => db.AuditEntries.OrderBy(e => e.Id).Select(e => e.OrganizationId));

    private Task GivenAsync(long? organizationId, int days, int count) => Change(db =>
    {
        for (var i = 0; i < count; i++)
        {
            db.AuditEntries.Add(new AuditEntry(
                organizationId, AuditActor.System, AuditActions.MemberChanged, null, null, null, Clock.Now.AddDays(-days)));
        }

        return Task.CompletedTask;
    });
}
