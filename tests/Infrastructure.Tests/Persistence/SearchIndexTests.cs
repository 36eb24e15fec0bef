using System.Globalization;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class SearchIndexTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private SqliteConnection file = null!;

    public async ValueTask InitializeAsync()
    {
        await SqliteTemplate.CopyToAsync(folder.File("search.db"));
        file = new SqliteConnection($"Data Source={folder.File("search.db")};Pooling=False");
        await file.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public void The_migrated_database_has_the_index_and_every_trigger_of_it()
    {
        var expected = SqliteSearchSchema.Create().Where(s => s.StartsWith("CREATE", StringComparison.Ordinal)).Select(Words);

        var actual = Column("SELECT sql FROM sqlite_master WHERE name LIKE 'search\\_%' ESCAPE '\\' AND sql IS NOT NULL").Select(Words);

        Assert.Empty(expected.Except(actual));
    }

    [Theory]
    [InlineData("UPDATE messages SET text = 'x'")]
    [InlineData("DELETE FROM contacts")]
    public void A_connection_without_the_function_cannot_leave_words_in_the_index(string statement)
    {
        using var command = file.CreateCommand();
        command.CommandText = statement;

        Assert.Contains("search_tokens", Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_reads_the_tokens_rows_backwards_and_nothing_else()
    {
        var step = new SearchStep(SearchSource.Message, SearchQuery.Parse("zwei Äpfel"), IsWholeWords: false);
        using var command = file.CreateCommand();
        command.CommandText =
            "EXPLAIN QUERY PLAN SELECT rowid FROM search_index WHERE search_index MATCH $q AND rowid < 100 ORDER BY rowid DESC LIMIT 20";
        command.Parameters.AddWithValue("$q", SearchTokens.OfQuery(step, 1));
        using var plan = command.ExecuteReader();

        Assert.True(plan.Read());
        Assert.StartsWith("SCAN search_index VIRTUAL TABLE INDEX", plan.GetString(3), StringComparison.Ordinal);
        Assert.False(plan.Read());   // no sort
    }

    [Fact]
    public void No_two_organizations_and_tables_share_a_token()
    {
        var tokens = from organization in new long[] { 1, 2, 3 }
                     from source in Enum.GetValues<SearchSource>()
                     from token in SearchTokens.OfRow(source, organization, null, null, "Rückweg Äpfel 東京")!.Split(' ')
                     where token.Length > 0
                     select (organization, source, token);

        Assert.DoesNotContain(tokens.Distinct().GroupBy(t => t.token), g => g.Count() > 1);
    }

    /// <summary>The index of a running installation is made of these: when they change, <see cref="SearchTokens.Version"/> must.</summary>
    [Fact]
    public void The_tokens_of_version_1_are_these()
    {
        var tokens = SearchTokens.OfRow(SearchSource.Message, 7, "2026-11-29 20:00:00", "InstagramDm", "Größe 東京 👍", "ok");

        const string expected = "rbcdvc3k f631er79 bbot020p qeduahpf 87tr9ip3 9vdio0f9 q3m4ip07 "
            + "sflojh0d mpeblco5 h45aq4cr agq4h00a p7igndo1 jn8bvh96 ";
        Assert.Equal((1, expected), (SearchTokens.Version, tokens));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void The_statements_on_sql_server_are_valid(bool isFullText, bool isWholeWords)
    {
        var query = SearchQuery.Parse("o'clock \"zwei\" %äpfel_ 東京");
        foreach (var source in Enum.GetValues<SearchSource>())
        {
            var step = new SearchStep(source, query, isWholeWords, Channel.InstagramDm, Some.Now.AddDays(-1), Some.Now);
            var (sql, values) = SqlServerSearchIndex.Statement(step, 1, long.MaxValue, 50, isFullText && source is SearchSource.Message);
            object[] parameters = [.. values.Select((_, i) => FormattableString.Invariant($"@p{i}"))];

            SqlServerSyntax.Parse(string.Format(CultureInfo.InvariantCulture, sql, parameters));
        }
    }

    private static string Words(string sql) => string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private List<string> Column(string sql)
    {
        using var command = file.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(reader.GetString(0));
        return values;
    }
}
