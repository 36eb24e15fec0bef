using System.Data.Common;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>SQL Server's failures and its execution strategy, on SQLite.</summary>
public sealed class SaveTransactionTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly Faults faults = new();

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
        var failure = await Assert.ThrowsAsync<SqlException>(() => db.SaveChangesAsync(Cancellation));

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
        await Assert.ThrowsAsync<SqlException>(() => db.SaveChangesAsync(Cancellation));

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

    /// <summary>Throws each exception once.</summary>
    private sealed class Faults : DbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
    {
        /// <summary>Null lets a command pass.</summary>
        public Queue<Exception?> NextCommands { get; } = [];

        public Exception? NextBegin { get; set; }

        public Exception? NextCommitting { get; set; }

        public Exception? NextCommitted { get; set; }

        public Func<Task>? AfterRollback { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken) =>
            NextCommands.TryDequeue(out var exception) && exception is not null ? throw exception : ValueTask.FromResult(result);

        public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
            CancellationToken cancellationToken) => Pass(result, (NextBegin, NextBegin = null).Item1);

        public ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken) =>
            Pass(result, (NextCommitting, NextCommitting = null).Item1);

        public async Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken) =>
            await Pass(0, (NextCommitted, NextCommitted = null).Item1);

        /// <summary>A transaction whose commit failed is disposed, and its connection closed after it.</summary>
        public async Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (NextCommitting is not null || (AfterRollback, AfterRollback = null).Item1 is not { } act) return;
            await act();
        }

        private static ValueTask<T> Pass<T>(T result, Exception? exception) =>
            exception is null ? ValueTask.FromResult(result) : throw exception;
    }
}
