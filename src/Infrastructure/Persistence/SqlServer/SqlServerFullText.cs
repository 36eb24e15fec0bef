using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>The full-text index of messages: without accents and stop words, and of no language. SQL Server keeps it itself.</summary>
internal static class SqlServerFullText
{
    /// <summary>In this order, outside a transaction.</summary>
    public static readonly IReadOnlyList<string> Statements =
    [
        """
        IF NOT EXISTS (SELECT 1 FROM sys.fulltext_catalogs WHERE name = 'search')
            CREATE FULLTEXT CATALOG search WITH ACCENT_SENSITIVITY = OFF
        """,
        """
        IF NOT EXISTS (SELECT 1 FROM sys.fulltext_indexes WHERE object_id = OBJECT_ID('messages'))
            CREATE FULLTEXT INDEX ON messages (text LANGUAGE 0, postback_title LANGUAGE 0) KEY INDEX pk_messages ON search
            WITH CHANGE_TRACKING = AUTO, STOPLIST = OFF
        """,
    ];

    public const string IsInstalled = "SELECT CAST(ISNULL(SERVERPROPERTY('IsFullTextInstalled'), 0) AS int) AS Value";

    public const string IsActive =
        "SELECT CAST(ISNULL(OBJECTPROPERTYEX(OBJECT_ID('messages'), 'TableHasActiveFulltextIndex'), 0) AS int) AS Value";

    /// <summary>Does nothing where full-text search is not installed, or the app's login must not create it.</summary>
    public static async Task CreateAsync(AppDbContext db)
    {
        if (await db.Database.SqlQueryRaw<int>(IsInstalled).SingleAsync() == 0) return;
        try
        {
            foreach (var statement in Statements) await db.Database.ExecuteSqlRawAsync(statement);
        }
        catch (SqlException exception) when (exception.Class < 17)
        {
            // The search says in each answer that it has no full-text index.
        }
    }
}
