using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>Agents merge and erase people while the pump resolves them.</summary>
public sealed class ContactChangesDuringProcessingTests
{
    private const int Messages = 400;
    private const int People = 20;

    [Fact]
    public async Task Merging_people_who_write_meanwhile_loses_no_message()
    {
        await using var workshop = await StartAsync();

        var delivering = DeliverAsync(workshop);
        for (var merges = 0; merges < People - 1;)
        {
            var ids = await workshop.InDatabaseAsync(db => db.Contacts.OrderBy(c => c.Id).Select(c => c.Id).Take(2).ToListAsync());
            if (ids.Count == 2 && await TryAsync(workshop, new MergeContacts(ids[0], ids[1]))) merges++;
        }

        await delivering;
        var deliveries = await workshop.UntilWorkedOffAsync();

        Assert.All(deliveries, d => Assert.Equal(0, d.FailedEvents));
        Assert.Equal(Messages, await workshop.InDatabaseAsync(db => db.Messages.CountAsync()));
        Assert.Equal(People, await workshop.InDatabaseAsync(db => db.Conversations.CountAsync()));
        Assert.Equal(People, await workshop.InDatabaseAsync(db => db.FacebookIdentities.Select(f => f.Psid).Distinct().CountAsync()));
        Assert.Equal(1, await workshop.InDatabaseAsync(db => db.Contacts.CountAsync()));
    }

    [Fact]
    public async Task Erasing_people_who_write_meanwhile_fails_no_message_and_what_comes_later_is_there()
    {
        await using var workshop = await StartAsync();

        var delivering = DeliverAsync(workshop);
        for (var erased = 0; erased < 10;)
        {
            var id = await workshop.InDatabaseAsync(db => db.Contacts.OrderBy(c => c.Id).Select(c => c.Id).FirstOrDefaultAsync());
            if (id > 0 && await TryAsync(workshop, new EraseContact(id))) erased++;
        }

        await delivering;
        await workshop.UntilWorkedOffAsync();
        await workshop.DeliverAsync([.. Enumerable.Range(0, People).Select(i => Payload.Text("later", $"m_later{i}", psid: $"{7000 + i}"))]);
        var deliveries = await workshop.UntilWorkedOffAsync();

        Assert.All(deliveries, d => Assert.Equal(0, d.FailedEvents));
        Assert.Equal(People, await workshop.InDatabaseAsync(db => db.Messages.CountAsync(m => m.Text == "later")));
        Assert.Equal(People, await workshop.InDatabaseAsync(db => db.Contacts.CountAsync()));
    }

    private static async Task<Workshop> StartAsync()
    {
        var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        await workshop.RunAsync(workshop.NewPump());
        return workshop;
    }

    private static async Task DeliverAsync(Workshop workshop)
    {
        for (var at = 0; at < Messages; at += 20)
            await workshop.DeliverAsync([.. Enumerable.Range(at, 20).Select(i => Payload.Text($"{i}", $"m_{i}", psid: $"{7000 + i % People}", at: 1760000000000 + i))]);
    }

    /// <returns>False when there was nobody any more, or somebody else was at it.</returns>
    private static async Task<bool> TryAsync<T>(Workshop workshop, IRequest<T> request)
    {
        await using var scope = workshop.Services.CreateAsyncScope();
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
