using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// A statement that is prepared once and run for thousands of rows, its parameters found by place. A command looks each up by name
/// and wraps each value, which takes longer than the row. Values are stored as Microsoft.Data.Sqlite stores them.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <param name="connection">Open, and longer than this.</param>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <param name="place">From 1.</param>
    public void Bind(int place, object? value) => Check(value switch
    {
        null => raw.sqlite3_bind_null(statement, place),
        string text => raw.sqlite3_bind_text(statement, place, text),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int64(statement, place, number),
        bool yes => raw.sqlite3_bind_int64(statement, place, yes ? 1 : 0),
        double number => raw.sqlite3_bind_double(statement, place, number),
        DateTime time => raw.sqlite3_bind_text(statement, place, time.ToString(@"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF", CultureInfo.InvariantCulture)),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        _ => throw new NotSupportedException($"A {value.GetType().Name} is not among the types that rows here are made of."),
    });

    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">A rule of the database forbids it, or the database is in trouble.</exception>
    public int Run()
    {
        var outcome = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (outcome != raw.SQLITE_DONE) Check(outcome);
        return raw.sqlite3_changes(database);
    }

    public void Dispose() => statement.Dispose();

    private void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, database);
}
