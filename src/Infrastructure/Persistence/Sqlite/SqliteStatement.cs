using SQLitePCL;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Prepared once and executed for thousands of rows, parameters bound by index. SqliteCommand looks each up by name and boxes each
/// value, which takes longer than the row itself. Values are stored in Microsoft.Data.Sqlite's format.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const string TimeFormat = @"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF";

    private const int MaxStackCharacters = 256;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    /// <param name="connection">It is open until the statement has been disposed.</param>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public void Bind(int index, object? value) => Check(value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        string { Length: > 0 and <= MaxStackCharacters } text when !text.Contains('\0') => BindShort(index, text),
        string text => raw.sqlite3_bind_text(statement, index, text),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        bool flag => raw.sqlite3_bind_int64(statement, index, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(statement, index, number),
        DateTime time => BindTime(index, time),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new NotSupportedException($"A {value.GetType().Name} cannot be stored; add its type here."),
    });

    public void Bind(int index, ReadOnlySpan<byte> bytes) => Check(
        bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, bytes));

    /// <exception cref="SqliteException">A constraint is violated, or the database cannot be written.</exception>
    public int Execute()
    {
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE) Check(result);
        return raw.sqlite3_changes(database);
    }

    public void Dispose() => statement.Dispose();

    /// <summary>Without a copy on the heap. A text with a null character would be stored beyond it, which SqliteCommand does not.</summary>
    private int BindShort(int index, string text)
    {
        Span<byte> bytes = stackalloc byte[3 * MaxStackCharacters];
        return raw.sqlite3_bind_text(statement, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    private int BindTime(int index, DateTime time)
    {
        Span<byte> bytes = stackalloc byte[32];
        time.TryFormat(bytes, out var length, TimeFormat, CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(statement, index, bytes[..length]);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
