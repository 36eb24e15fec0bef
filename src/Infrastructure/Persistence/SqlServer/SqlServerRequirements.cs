namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>What the app needs of a database on SQL Server; asked at each start, which ends with one line for each
/// that is missing.</summary>
internal static partial class SqlServerRequirements
{
    public const string Query = """
        SELECT CAST(SERVERPROPERTY('ProductMajorVersion') AS int) AS version, CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition,
            CAST(d.compatibility_level AS int) AS compatibility_level, d.is_read_committed_snapshot_on AS has_row_versions,
            d.is_read_only AS is_read_only, d.name AS name,
            CAST(HAS_PERMS_BY_NAME(SCHEMA_NAME(), 'SCHEMA', 'SELECT') & HAS_PERMS_BY_NAME(SCHEMA_NAME(), 'SCHEMA', 'INSERT')
                & HAS_PERMS_BY_NAME(SCHEMA_NAME(), 'SCHEMA', 'UPDATE') & HAS_PERMS_BY_NAME(SCHEMA_NAME(), 'SCHEMA', 'DELETE') AS bit)
                AS can_write,
            CAST(HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE TABLE') & HAS_PERMS_BY_NAME(SCHEMA_NAME(), 'SCHEMA', 'ALTER') AS bit)
                AS can_migrate,
            CAST(COALESCE(CASE SERVERPROPERTY('EngineEdition')
                WHEN 5 THEN HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE')
                    & HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'KILL DATABASE CONNECTION')
                ELSE HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') & HAS_PERMS_BY_NAME(NULL, NULL, 'ALTER ANY CONNECTION') END, 0)
                AS bit) AS can_end_sessions
        FROM sys.databases AS d WHERE d.name = DB_NAME()
        """;

    /// <summary>SQL Server 2019.</summary>
    private const int MinVersion = 15;

    /// <summary>OPENJSON, through which lists are passed.</summary>
    private const int MinCompatibilityLevel = 130;

    /// <summary>Of Azure SQL Database and Managed Instance, which are always current and report the version 12.</summary>
    private static readonly int[] AzureEditions = [5, 8];

    /// <exception cref="SettingException">Something is missing.</exception>
    public static async Task CheckAsync(AppDbContext db, bool hasPendingMigrations, ILogger logger)
    {
        var facts = await ReadAsync(db, CancellationToken.None);
        var problems = FindProblems(facts, hasPendingMigrations).ToList();
        if (problems.Count > 0) throw new SettingException(string.Join(Environment.NewLine, problems));
        if (!facts.CanEndSessions) LogCannotEndSessions(logger, facts.Name);
    }

    public static Task<Facts> ReadAsync(AppDbContext db, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<Facts>(Query).SingleAsync(cancellationToken);

    public static IEnumerable<string> FindProblems(Facts facts, bool hasPendingMigrations)
    {
        if (facts.Version < MinVersion && !AzureEditions.Contains(facts.Edition))
            yield return $"The database server has version {facts.Version}. SQL Server 2019 (version 15), 2022 or Azure SQL is needed.";
        if (facts.CompatibilityLevel < MinCompatibilityLevel)
        {
            yield return $"The database {facts.Name} has compatibility level {facts.CompatibilityLevel}. "
                + $"Run: ALTER DATABASE [{facts.Name}] SET COMPATIBILITY_LEVEL = 150";
        }

        if (!facts.HasRowVersions)
        {
            yield return $"The database {facts.Name} lets readers and writers wait for each other. "
                + $"Run: ALTER DATABASE [{facts.Name}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE";
        }

        if (facts.IsReadOnly) yield return $"The database {facts.Name} is read-only. Connect to the primary replica.";
        if (!facts.CanWrite)
            yield return $"The login may not read and write {facts.Name}. Make it a member of db_datareader and db_datawriter.";
        if (hasPendingMigrations && !facts.CanMigrate)
            yield return $"The login may not change the tables of {facts.Name}. Start the app once with one "
                + $"that is a member of db_ddladmin.";
    }

    [LoggerMessage(LogLevel.Warning, "The login has no right to end sessions of {Database}: if one of several nodes hangs in a "
        + "transaction, the others wait for what it has locked (docs/operations.md, SQL Server)")]
    private static partial void LogCannotEndSessions(ILogger logger, string database);

    /// <summary>One row of <see cref="Query"/>.</summary>
    internal sealed record Facts(
        int Version, int Edition, int CompatibilityLevel, bool HasRowVersions, bool IsReadOnly,
        string Name, bool CanWrite, bool CanMigrate, bool CanEndSessions);
}
