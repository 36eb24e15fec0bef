using System.Text.RegularExpressions;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SqlServerRequirementsTests
{
    private static readonly SqlServerRequirements.Facts Good = new(
        Version: 15, Edition: 3, CompatibilityLevel: 150, HasRowVersions: true, IsReadOnly: false, Name: "meta", CanWrite: true,
        CanMigrate: false, CanEndSessions: false);

    [Fact]
    public void A_database_that_has_what_is_needed_has_no_problem()
    {
        Assert.Empty(SqlServerRequirements.FindProblems(Good, hasPendingMigrations: false));
        Assert.Empty(SqlServerRequirements.FindProblems(Good with { CanMigrate = true }, hasPendingMigrations: true));
        Assert.Empty(SqlServerRequirements.FindProblems(Good with { Version = 12, Edition = 5 }, hasPendingMigrations: false));   // Azure
    }

    [Fact]
    public void Each_thing_that_is_missing_is_one_line_that_says_what_to_do()
    {
        var facts = new SqlServerRequirements.Facts(
            Version: 13, Edition: 3, CompatibilityLevel: 120, HasRowVersions: false, IsReadOnly: true, Name: "meta", CanWrite: false,
            CanMigrate: false, CanEndSessions: false);

        var problems = SqlServerRequirements.FindProblems(facts, hasPendingMigrations: true).ToList();

        Assert.Equal(6, problems.Count);
        Assert.DoesNotContain(problems, p => p.Contains('\n', StringComparison.Ordinal));
        Assert.Contains("ALTER DATABASE [meta] SET READ_COMMITTED_SNAPSHOT ON", problems[2], StringComparison.Ordinal);
        Assert.Contains("db_datawriter", problems[4], StringComparison.Ordinal);
        Assert.Contains("db_ddladmin", problems[5], StringComparison.Ordinal);
    }

    /// <summary>EF Core selects them from the statement by the names of its own convention.</summary>
    [Fact]
    public void The_statement_names_the_columns_as_they_are_read()
    {
        using var db = DesignTimeContexts.SqlServer();
        var read = db.Database.SqlQueryRaw<SqlServerRequirements.Facts>(SqlServerRequirements.Query).Take(1).ToQueryString()
            .Split("FROM (")[0];

        Assert.Equal(Names(read, @"\.\[(\w+)\]"), Names(SqlServerRequirements.Query, @"AS (\w+)(?=,|\s+FROM)"));

        static IEnumerable<string> Names(string sql, string pattern) =>
            Regex.Matches(sql, pattern).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);
    }

    /// <summary>Meta waits 20 s for an answer.</summary>
    [Fact]
    public void A_command_of_a_request_gives_up_long_before_meta_does()
    {
        using var db = DesignTimeContexts.SqlServer();

        Assert.Equal(8, db.Database.GetCommandTimeout());
    }

    [Theory]
    [InlineData("Server=listener;Database=meta", 5, true)]
    [InlineData("Server=listener;Database=meta;Connect Timeout=9;MultiSubnetFailover=False", 9, false)]
    [InlineData(@"Server=host\instance;Database=meta", 5, false)]
    [InlineData("Server=a;Failover Partner=b;Database=meta", 5, false)]
    public void Connections_find_the_primary_replica_soon(string connectionString, int timeout, bool multiSubnet)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = "SqlServer", ["ConnectionStrings:Database"] = connectionString,
        }).Build();

        var used = new SqlConnectionStringBuilder(DatabaseOptions.Read(configuration).ConnectionString);

        Assert.Equal((timeout, multiSubnet), (used.ConnectTimeout, used.MultiSubnetFailover));
    }
}
