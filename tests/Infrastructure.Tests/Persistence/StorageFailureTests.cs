using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public class StorageFailureTests
{
    [Theory]
    [InlineData(1205, 13, "The database is locked.")]
    [InlineData(1222, 16, "The database is locked.")]
    [InlineData(3960, 16, "The database is locked.")]
    [InlineData(-2, 11, "The database server does not answer.")]
    [InlineData(0, 11, "The database server does not answer.")]
    [InlineData(64, 20, "The database server does not answer.")]
    [InlineData(233, 20, "The database server does not answer.")]
    [InlineData(10053, 20, "The database server does not answer.")]
    [InlineData(10054, 20, "The database server does not answer.")]
    [InlineData(10060, 20, "The database server does not answer.")]
    [InlineData(40197, 17, "The database server does not answer.")]
    [InlineData(40613, 14, "The database server does not answer.")]
    [InlineData(823, 24, "The database server does not answer.")]
    [InlineData(4060, 11, "The database server refuses the connection.")]
    [InlineData(10928, 16, "The database server is overloaded.")]
    [InlineData(10929, 16, "The database server is overloaded.")]
    [InlineData(40501, 16, "The database server is overloaded.")]
    [InlineData(49918, 16, "The database server is overloaded.")]
    [InlineData(49920, 16, "The database server is overloaded.")]
    [InlineData(1105, 17, "The disk of the database server is full.")]
    [InlineData(547, 16, null)]    // a foreign key
    [InlineData(2601, 14, null)]   // a unique index
    [InlineData(8152, 16, null)]   // a value that is too long
    public void Trouble_of_SQL_Server_is_told_from_a_fault_of_the_statement(int number, byte severity, string? reason) =>
        Assert.Equal(reason, StorageFailure.ReasonOf(new DbUpdateException("", SqlServerErrors.Error(number, severity))));

    [Fact]
    public void An_exhausted_pool_of_connections_is_trouble_of_the_database()
    {
        var pool = new InvalidOperationException("Timeout expired prior to obtaining a connection from the pool.")
        {
            Source = "Microsoft.Data.SqlClient",
        };
        Assert.Equal("The database server does not answer.", StorageFailure.ReasonOf(pool));
        Assert.Null(StorageFailure.ReasonOf(new InvalidOperationException("The sequence contains no pool.")));
    }

    [Theory]
    [InlineData(5, "The database is locked.")]
    [InlineData(13, "The disk is full.")]
    [InlineData(19, null)]   // a constraint
    public void Trouble_of_SQLite_is_told_from_a_fault_of_the_statement(int code, string? reason) =>
        Assert.Equal(reason, StorageFailure.ReasonOf(new DbUpdateException("", new SqliteException("", code))));
}
