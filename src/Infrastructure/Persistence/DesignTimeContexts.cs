using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Contexts without services, for `dotnet ef` and for tests that need the model or the migrations.</summary>
public static class DesignTimeContexts
{
    public static AppDbContext Sqlite() => new SqliteAppDbContext(
        Options<SqliteAppDbContext>(o => o.UseSqlite("Data Source=:memory:")), new OrganizationScope(), Protector(),
        new SqliteWriteLock(DatabaseProvider.Sqlite), Mediator(), NullLogger<AppDbContext>.Instance);

    public static AppDbContext SqlServer() => new SqlServerAppDbContext(
        Options<SqlServerAppDbContext>(o => o.UseOurSqlServer("Server=none")), new OrganizationScope(), Protector(),
        new SqliteWriteLock(DatabaseProvider.SqlServer), Mediator(), NullLogger<AppDbContext>.Instance);

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder<T>> provider) where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        provider(builder);
        builder.UseSnakeCaseNamingConvention();
        return builder.Options;
    }

    private static SecretProtector Protector() =>
        new(new EphemeralDataProtectionProvider(), TimeProvider.System, NullLogger<SecretProtector>.Instance);

    private static Mediator Mediator() => new(_ => null!);
}

internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) => (SqliteAppDbContext)DesignTimeContexts.Sqlite();
}

internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerAppDbContext>
{
    public SqlServerAppDbContext CreateDbContext(string[] args) => (SqlServerAppDbContext)DesignTimeContexts.SqlServer();
}
