using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>Agents merge and erase contacts while the inbound worker processes their messages.</summary>
public sealed class ContactChangesDuringProcessingTests
{
    private const int Messages = 400;
    private const int People = 20;

    [Fact]
    public async Task Merging_contacts_who_write_at_the_same_time_loses_no_message()
    {
        await using var host = await StartAsync();

        var delivering = DeliverAsync(host);
        for (var merges = 0; merges < People - 1;)
        {
            var ids = await host.InDatabaseAsync(db => db.Contacts.OrderBy(c => c.Id).Select(c => c.Id).Take(2).ToListAsync());
            if (ids.Count == 2 && await TryAsync(host, new MergeContacts(ids[0], ids[1]))) merges++;
        }

        await delivering;
        var deliveries = await host.UntilProcessedAsync();

        Assert.All(deliveries, d => Assert.Equal(0, d.FailedEvents));
        Assert.Equal(Messages, await host.InDatabaseAsync(db => db.Messages.CountAsync()));
        Assert.Equal(People, await host.InDatabaseAsync(db => db.Conversations.CountAsync()));
        Assert.Equal(People, await host.InDatabaseAsync(db => db.FacebookIdentities.Select(f => f.Psid).Distinct().CountAsync()));
        Assert.Equal(1, await host.InDatabaseAsync(db => db.Contacts.CountAsync()));
    }

    [Fact]
    public async Task Erasing_contacts_who_write_at_the_same_time_fails_no_message()
    {
        await using var host = await StartAsync();

        var delivering = DeliverAsync(host);
        for (var erased = 0; erased < 10;)
        {
            var id = await host.InDatabaseAsync(db => db.Contacts.OrderBy(c => c.Id).Select(c => c.Id).FirstOrDefaultAsync());
            if (id > 0 && await TryAsync(host, new EraseContact(id))) erased++;
        }

        await delivering;
        await host.UntilProcessedAsync();
        await host.DeliverAsync([.. Enumerable.Range(0, People).Select(i => Payload.Text("later", $"m_later{i}", psid: $"{7000 + i}"))]);
        var deliveries = await host.UntilProcessedAsync();

        Assert.All(deliveries, d => Assert.Equal(0, d.FailedEvents));
        Assert.Equal(People, await host.InDatabaseAsync(db => db.Messages.CountAsync(m => m.Text == "later")));
        Assert.Equal(People, await host.InDatabaseAsync(db => db.Contacts.CountAsync()));
    }

    private static async Task<WorkerHost> StartAsync()
    {
        var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        await host.RunNodeAsync();
        return host;
    }

    private static async Task DeliverAsync(WorkerHost host)
    {
        for (var at = 0; at < Messages; at += 20)
        {
            var numbers = Enumerable.Range(at, 20);
            await host.DeliverAsync(
                [.. numbers.Select(n => Payload.Text($"{n}", $"m_{n}", psid: $"{7000 + n % People}", at: 1760000000000 + n))]);
        }
    }

    /// <returns>False when the contact is gone or was changed at the same time.</returns>
    private static async Task<bool> TryAsync<T>(WorkerHost host, IRequest<T> request)
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(Some.OrganizationId);
        try
        {
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
            return true;
        }
        catch (Exception exception) when (exception is NotFoundException or ConflictException)
        {
            return false;
        }
    }
}
