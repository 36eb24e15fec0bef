using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SqliteStatementTests
{
    public static TheoryData<object?> Values => new((object?[])
    [
        null, "Grüße \U0001F600", "", 7L, -7, true, false, 0.25, new byte[] { 0, 1, 255 }, Array.Empty<byte>(),
        new DateTime(2026, 11, 22, 18, 17, 0, 123, DateTimeKind.Utc), new DateTime(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc).AddTicks(1),
    ]);

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_stored_as_SqliteCommand_stores_it(object? value)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO things (value) VALUES (@value)";
        command.Parameters.AddWithValue("@value", value ?? DBNull.Value);
        command.ExecuteNonQuery();

        using var statement = new SqliteStatement(connection, "INSERT INTO things (value) VALUES (?)");
        statement.Bind(1, value);

        Assert.Equal(1, statement.Execute());
        Assert.Equal(2L, Scalar(connection, "SELECT count(*) FROM things"));
        Assert.Equal(1L, Scalar(connection, "SELECT count(DISTINCT typeof(value) || quote(value)) FROM things"));
    }

    [Fact]
    public void It_can_be_executed_again_and_returns_the_number_of_changed_rows()
    {
        using var connection = Open();
        using var insert = new SqliteStatement(connection, "INSERT INTO things (value) VALUES (?)");
        foreach (var number in new[] { 1, 2, 3 })
        {
            insert.Bind(1, number);
            insert.Execute();
        }

        using var update = new SqliteStatement(connection, "UPDATE things SET value = ? WHERE value > ?");
        update.Bind(1, "more");
        update.Bind(2, 1);
        Assert.Equal(2, update.Execute());
    }

    [Fact]
    public void A_violated_constraint_is_named_in_the_exception()
    {
        using var connection = Open();
        using var statement = new SqliteStatement(connection, "INSERT INTO things (id) VALUES (1)");
        statement.Execute();

        var exception = Assert.Throws<SqliteException>(() => statement.Execute());

        Assert.Equal(19, exception.SqliteErrorCode);
        Assert.Contains("things.id", exception.Message, StringComparison.Ordinal);
    }

    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE things (id INTEGER PRIMARY KEY, value)";
        create.ExecuteNonQuery();
        return connection;
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
