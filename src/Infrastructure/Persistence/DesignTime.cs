using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Contexts for tools and tests that look at the model and never connect.</summary>
public static class DesignTime
{
    public static AppDbContext Sqlite() => new SqliteAppDbContext(
        Options<SqliteAppDbContext>(o => o.UseSqlite("Data Source=:memory:")), Scope(), Protector(), Turn(), Mediator(), NullLogger<AppDbContext>.Instance);

    public static AppDbContext SqlServer() => new SqlServerAppDbContext(
        Options<SqlServerAppDbContext>(o => o.UseSqlServer("Server=none")), Scope(), Protector(), Turn(), Mediator(), NullLogger<AppDbContext>.Instance);

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder<T>> provider) where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        provider(builder);
        builder.UseSnakeCaseNamingConvention();
        return builder.Options;
    }

    private static OrganizationScope Scope() => new();

    private static SecretProtector Protector() => new(new EphemeralDataProtectionProvider(), NullLogger<SecretProtector>.Instance);

    private static SqliteWriteLock Turn() => new(DatabaseProvider.Sqlite);

    private static Mediator Mediator() => new(_ => null!);
}

internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) => (SqliteAppDbContext)DesignTime.Sqlite();
}

internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerAppDbContext>
{
    public SqlServerAppDbContext CreateDbContext(string[] args) => (SqlServerAppDbContext)DesignTime.SqlServer();
}
