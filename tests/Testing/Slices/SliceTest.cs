using System.Text;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Testing;

/// <summary>
/// A slice, sent through the real pipeline to the real database. The class runs on SQLite; a derived one that takes
/// <see cref="SqlServerSliceFixture"/> runs the same tests on SQL Server.
/// </summary>
public abstract class SliceTest(SliceFixture app) : IAsyncLifetime, IClassFixture<SliceFixture>
{
    protected FakeTimeProvider Clock => app.Fakes.Clock;

    protected FakeMetaOAuth MetaOAuth => app.Fakes.MetaOAuth;

    protected FakeMetaPages MetaPages => app.Fakes.MetaPages;

    protected FakeMetaMessages MetaMessages => app.Fakes.MetaMessages;

    protected FakeMetaProfiles MetaProfiles => app.Fakes.MetaProfiles;

    protected FakeDispatcher Dispatcher => app.Fakes.Dispatcher;

    protected FakeBudget Budget => app.Fakes.Budget;

    protected FakeJobs Jobs => app.Fakes.Jobs;

    protected FakeJobHistory JobHistory => app.Fakes.JobHistory;

    protected FakeLive Live => app.Fakes.Live;

    protected FakeMedia Media => app.Fakes.Media;

    protected FakeLoadShedding Load => app.Fakes.Load;

    protected FakeInbox Inbox => app.Fakes.Inbox;

    protected FakeCaller Caller => app.Fakes.Caller;

    protected FakeAddress Address => app.Fakes.Address;

    public async ValueTask InitializeAsync()
    {
        if (await app.SkipReasonAsync() is { } reason) Assert.Skip(reason);
        await app.BeginAsync();
    }

    public ValueTask DisposeAsync()
    {
        app.End();
        return ValueTask.CompletedTask;
    }

    /// <summary>Saves what the test starts with; raises no domain events.</summary>
    protected Task<T> Given<T>(T entity) where T : class => app.GivenAsync(entity);

    protected Task<T> Send<T>(IRequest<T> request) => app.SendAsync(request, Some.OrganizationId);

    protected Task<T> SendAs<T>(long organizationId, IRequest<T> request) => app.SendAsync(request, organizationId);

    /// <summary>Without a signed-in caller.</summary>
    protected Task<T> SendAnonymously<T>(IRequest<T> request) => app.SendAsync(request, null);

    protected Task<List<T>> Rows<T>(Func<IAppDbContext, IQueryable<T>> query) =>
        app.InSystemAsync(scope => query(scope.GetRequiredService<IAppDbContext>()).ToListAsync());

    protected async Task<T> Row<T>(Func<IAppDbContext, IQueryable<T>> query) => Assert.Single(await Rows(query));

    protected Task<int> Count<T>(Func<IAppDbContext, IQueryable<T>> query) =>
        app.InSystemAsync(scope => query(scope.GetRequiredService<IAppDbContext>()).CountAsync());

    protected string ConnectionString => app.ConnectionString;

    /// <summary>In the system scope.</summary>
    protected Task<T> InSystem<T>(Func<IServiceProvider, Task<T>> work) => app.InSystemAsync(work);

    /// <summary>Changes rows without the app's code.</summary>
    protected Task Change(Func<IAppDbContext, Task> change) => app.InSystemAsync(async scope =>
    {
        await change(scope.GetRequiredService<IAppDbContext>());
        return await scope.GetRequiredService<AppDbContext>().SaveChangesAsync();
    });

    protected Task<WebhookDelivery> Receive(string body) => Receive(Encoding.UTF8.GetBytes(body));

    /// <summary>Stores one delivery and processes it as the inbound worker does.</summary>
    protected Task<WebhookDelivery> Receive(byte[] body) => app.InSystemAsync(async scope =>
    {
        var delivery = new WebhookDelivery(body, Clock.Now);
        var db = scope.GetRequiredService<AppDbContext>();
        db.WebhookDeliveries.Add(delivery);
        await db.SaveChangesAsync();

        var processor = scope.GetRequiredService<InboundProcessor>();
        var payload = WebhookPayload.Parse(body, delivery.ReceivedAt, delivery.Id);
        await processor.ApplyAsync([new ParsedDelivery(delivery, payload, null)], CancellationToken.None);
        await processor.SaveAsync(CancellationToken.None);
        return delivery;
    });
}
