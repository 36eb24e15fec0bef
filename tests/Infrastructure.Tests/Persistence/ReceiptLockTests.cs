using System.Data.Common;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class ReceiptLockTests
{
    /// <summary>A receipt writes the conversation, too. With row versions a transaction does not see what another is
    /// about to commit.</summary>
    [Fact]
    public async Task A_conversation_is_locked_before_its_message_is_saved_as_sent()
    {
        using var folder = new TestFolder();
        await SqliteTemplate.CopyToAsync(folder.File("app.db"));
        var log = new Log();
        await using var db = Open($"Data Source={folder.File("app.db")};Pooling=False", log);
        await db.SeedAsync(Some.Sending(Some.Conversation(), at: Some.Now));
        var message = await db.Messages.SingleAsync(TestContext.Current.CancellationToken);

        message.MarkSent("m_1", Some.Now);
        log.Entries.Clear();
        await db.SaveChangesAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal([$"lock {message.ConversationId}", "UPDATE \"messages\""], log.Entries.Take(2));
    }

    private static LockingContext Open(string connectionString, Log log)
    {
        var builder = new DbContextOptionsBuilder<LockingContext>();
        builder.UseSqlite(connectionString).UseSnakeCaseNamingConvention().AddInterceptors(new SqlitePragmas(), log);
        var scope = new OrganizationScope();
        scope.EnterAllOrganizations();
        return new LockingContext(builder.Options, scope, log);
    }

    /// <summary>Locks conversations, as on SQL Server.</summary>
    private sealed class LockingContext(DbContextOptions options, OrganizationScope scope, Log log) : AppDbContext(
        options, scope,
        new SecretProtector(new EphemeralDataProtectionProvider(), TimeProvider.System, NullLogger<SecretProtector>.Instance),
        new SqliteWriteLock(DatabaseProvider.Sqlite), new Mediator(type => Array.CreateInstance(type.GenericTypeArguments[0], 0)),
        NullLogger<AppDbContext>.Instance)
    {
        public override Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken) => read();

        internal override Task TryWriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        internal override Task AddToRowsAsync(IReadOnlyList<object> rows, CancellationToken cancellationToken) => Task.CompletedTask;

        internal override Task LockConversationsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        {
            log.Entries.Add($"lock {string.Join(", ", ids)}");
            return Task.CompletedTask;
        }
    }

    private sealed class Log : DbCommandInterceptor
    {
        public List<string> Entries { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken)
        {
            Entries.Add(command.CommandText.Split(" SET ")[0]);
            return ValueTask.FromResult(result);
        }
    }
}
