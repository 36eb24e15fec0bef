using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Storage;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Tells failures of the database itself from those that a statement or its data cause.</summary>
internal static class StorageFailure
{
    /// <summary>The innermost exception may be a socket's, within the one that says what happened to the database.</summary>
    /// <returns>What is wrong with the database; null when the exception has another cause.</returns>
    public static string? ReasonOf(Exception? exception) =>
        exception is null ? null : ReasonOfOne(exception) ?? ReasonOf(exception.InnerException);

    /// <summary>Whether the same may succeed at once: a deadlock has ended, another server takes over. After a time-out it would take as
    /// long again.</summary>
    public static bool IsTransient(Exception? exception) => exception switch
    {
        null => false,
        SqlException { Number: 1205 or 3960 or 4060 or >= 0 and <= 2 or 53 or 64 or 233 or 10053 or 10054 or 10060 or 10061 } => true,
        SqlException { Number: 10928 or 10929 or 40197 or 40501 or 40613 or >= 49918 and <= 49920 } => true,
        _ => IsTransient(exception.InnerException),
    };

    /// <summary>Whether a save has stored nothing and may succeed at once. After <see cref="RetryLimitExceededException"/> it has been
    /// tried often enough.</summary>
    public static bool HasRolledBack(Exception? exception) => exception switch
    {
        null or RetryLimitExceededException or CommitInDoubtException => false,
        SqlException => IsTransient(exception),
        _ => HasRolledBack(exception.InnerException),
    };

    /// <summary>By number, since SqlException.IsTransient is always false, and a deadlock has the class of a wrong statement
    /// (https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues).</summary>
    private static string? ReasonOfOne(Exception exception) => exception switch
    {
        SqliteException sqlite => ReasonOf(sqlite.SqliteErrorCode),
        SqlException { Number: 1101 or 1105 or 9002 } => "The disk of the database server is full.",
        SqlException { Number: 3906 or 3908 } => "The database is read-only.",
        SqlException { Number: 1205 or 1222 or 3960 } => "The database is locked.",   // deadlock, lock time-out, conflict of row versions
        SqlException { Number: 4060 or 18452 or 18456 } => "The database server refuses the connection.",
        SqlException { Number: 10928 or 10929 or 40501 or >= 49918 and <= 49920 } => "The database server is overloaded.",
        SqlException { Number: -2 or -1 or >= 0 and <= 2 or 53 or 64 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 40197 or 40613 }
            or SqlException { Class: >= 17 } or DbException { IsTransient: true } => "The database server does not answer.",
        StorageTimeoutException => "The database is locked.",
        InvalidOperationException { Source: "Microsoft.Data.SqlClient" } pool
            when pool.Message.Contains("pool", StringComparison.OrdinalIgnoreCase) => "The database server does not answer.",
        _ => null,
    };

    /// <summary>SQLite's result codes, https://www.sqlite.org/rescode.html.</summary>
    private static string? ReasonOf(int code) => code switch
    {
        5 or 6 => "The database is locked.",
        8 => "The database is read-only.",
        10 => "The disk fails to read or write the database.",
        11 or 26 => "The database file is damaged, or is no database.",
        13 => "The disk is full.",
        14 => "The database file cannot be opened.",
        _ => null,
    };
}

/// <summary>A commit failed, or its answer was lost, and what it wrote was not found.</summary>
internal sealed class CommitInDoubtException(Exception cause) : Exception("Whether the transaction was committed is not known.", cause);

/// <summary>A writer has waited too long for the one before it.</summary>
internal sealed class StorageTimeoutException() : TimeoutException("Another writer holds the database.");
