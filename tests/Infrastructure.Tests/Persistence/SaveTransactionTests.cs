using MediatR;
using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>SQL Server's failures and its execution strategy, on SQLite.</summary>
public sealed class SaveTransactionTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly DatabaseFaults faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SqliteTemplate.CopyToAsync(folder.File("app.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_save_that_ends_by_a_deadlock_is_repeated_and_counted_once()
    {
        await using var db = Open();
        await db.SeedAsync(Some.Queued(Some.Conversation()));
        var message = await db.Messages.Include(m => m.Conversation).SingleAsync(Cancellation);
        var version = message.Version;
        message.TryClaim(Some.Now);
        message.Conversation.Close();

        faults.NextCommands.Enqueue(null);
        faults.NextCommands.Enqueue(SqlServerErrors.Deadlock());
        faults.NextCommands.Enqueue(SqlServerErrors.LostConnection());
        await db.SaveChangesAsync(Cancellation);

        await using var other = Open();
        var saved = await other.Messages.SingleAsync(Cancellation);
        Assert.Equal((version + 1, MessageStatus.Sending), (saved.Version, saved.Status));
        Assert.Equal(0, await other.Counters.Where(c => c.Name == CounterName.OpenConversations).SumAsync(c => c.Value, Cancellation));
        Assert.Empty(faults.NextCommands);
    }

    [Fact]
    public async Task What_has_begun_is_not_repeated_when_it_does_more_than_save()
    {
        await using var db = Open();
        var times = 0;

        faults.NextBegin = SqlServerErrors.LostConnection();
        await Assert.ThrowsAsync<SqlException>(() => db.SaveChangesAsync(
            _ =>
            {
                times++;
                throw SqlServerErrors.Deadlock();
            },
            Cancellation));

        Assert.Equal((1, null), (times, faults.NextBegin));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_not_repeated()
    {
        await using var db = Open();
        db.CannedReplies.Add(Reply());

        faults.NextCommitted = SqlServerErrors.LostConnection();
        await db.SaveChangesAsync(Cancellation);

        Assert.Null(faults.NextCommitted);
        Assert.Equal(1, await db.CannedReplies.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_commit_that_failed_is_reported()
    {
        await using var db = Open();
        db.CannedReplies.Add(Reply());

        faults.NextCommitting = SqlServerErrors.LostConnection();
        var failure = await Assert.ThrowsAsync<CommitInDoubtException>(() => db.SaveChangesAsync(Cancellation));

        Assert.Equal("The database server does not answer.", StorageFailure.ReasonOf(failure));
        Assert.Equal(0, await db.CannedReplies.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_change_that_another_node_has_made_meanwhile_is_not_taken_for_the_commit_that_failed()
    {
        await using var db = Open();
        await db.SeedAsync(Some.Queued(Some.Conversation()));
        var message = await db.Messages.SingleAsync(Cancellation);
        message.TryClaim(Some.Now);

        faults.NextCommitting = SqlServerErrors.LostConnection();
        faults.AfterRollback = async () =>
        {
            await using var other = Open();
            (await other.Messages.SingleAsync(Cancellation)).TryClaim(Some.Now.AddSeconds(1));
            await other.SaveChangesAsync(Cancellation);
        };
        await Assert.ThrowsAsync<CommitInDoubtException>(() => db.SaveChangesAsync(Cancellation));

        await using var reading = Open();
        Assert.Equal(message.Version, (await reading.Messages.SingleAsync(Cancellation)).Version);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_found_by_its_version_and_values()
    {
        await using var db = Open();
        await db.SeedAsync(Some.Queued(Some.Conversation()));
        (await db.Messages.SingleAsync(Cancellation)).TryClaim(Some.Now);

        faults.NextCommitted = SqlServerErrors.LostConnection();
        await db.SaveChangesAsync(Cancellation);

        Assert.Null(faults.NextCommitted);
    }

    [Fact]
    public async Task A_request_that_does_more_than_save_is_handled_again_after_a_deadlock()
    {
        await using var db = Open();
        await db.SeedAsync(Some.Conversation());

        var times = 0;
        await HandleAsync(db, async () =>
        {
            times++;
            (await db.Conversations.SingleAsync(Cancellation)).Close();
            db.CannedReplies.Add(Reply());
            if (times < 3)
            {
                faults.NextCommands.Enqueue(null);
                faults.NextCommands.Enqueue(times == 1 ? SqlServerErrors.Deadlock() : SqlServerErrors.LostConnection());
            }

            await db.SaveChangesAsync(token => db.CannedReplies.CountAsync(token), Cancellation);
        });

        await using var other = Open();
        Assert.Equal((3, 1), (times, await other.CannedReplies.CountAsync(Cancellation)));
        Assert.Equal(0, await other.Counters.Where(c => c.Name == CounterName.OpenConversations).SumAsync(c => c.Value, Cancellation));
    }

    [Fact]
    public async Task The_app_handles_a_repeatable_request_again()
    {
        await using var host = await WorkerHost.OpenAsync(faults);
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(Some.OrganizationId);

        faults.NextCommands.Enqueue(SqlServerErrors.Deadlock());
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new CreateCannedReply("Hello", "hello", "Hello!"), Cancellation);

        Assert.Empty(faults.NextCommands);
        Assert.Equal(1, await host.InDatabaseAsync(db => db.CannedReplies.CountAsync()));
    }

    [Fact]
    public async Task A_request_whose_commit_is_in_doubt_is_not_handled_again()
    {
        await using var db = Open();
        var times = 0;

        await Assert.ThrowsAsync<CommitInDoubtException>(() => HandleAsync(db, () =>
        {
            times++;
            faults.NextCommitted = SqlServerErrors.LostConnection();
            return db.SaveChangesAsync(
                async token =>
                {
                    db.CannedReplies.Add(Reply());
                    await db.SaveChangesAsync(token);
                },
                Cancellation);
        }));

        Assert.Equal((1, 1), (times, await db.CannedReplies.CountAsync(Cancellation)));
    }

    private static Task<Unit> HandleAsync(AppDbContext db, Func<Task> handle) =>
        new RepetitionBehaviour<Rename, Unit>(db).Handle(new Rename(), Cancellation, async () =>
        {
            await handle();
            return Unit.Value;
        });

    private sealed record Rename : IRequest, IRepeatable;

    private static CannedReply Reply() => new(Some.OrganizationId, "Hello", "hello", "Hello!", 0, Some.Now);

    private SqliteAppDbContext Open()
    {
        var options = new DbContextOptionsBuilder<SqliteAppDbContext>()
            .UseSqlite($"Data Source={folder.File("app.db")};Pooling=False", o => o.ExecutionStrategy(d => new TransientFailureRetry(d)))
            .UseSnakeCaseNamingConvention().ReplaceService<IModelCacheKeyFactory, OrganizationModelCacheKeyFactory>()
            .AddInterceptors(new SqlitePragmas(), faults).Options;
        var scope = new OrganizationScope();
        scope.EnterAllOrganizations();
        return new SqliteAppDbContext(
            options, scope,
            new SecretProtector(new EphemeralDataProtectionProvider(), TimeProvider.System, NullLogger<SecretProtector>.Instance),
            new SqliteWriteLock(DatabaseProvider.Sqlite), new Mediator(type => Array.CreateInstance(type.GenericTypeArguments[0], 0)),
            NullLogger<AppDbContext>.Instance);
    }
}
