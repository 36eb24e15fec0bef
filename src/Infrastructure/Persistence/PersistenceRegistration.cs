using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;

namespace MetaMessaging.Infrastructure.Persistence;

internal static class PersistenceRegistration
{
    public static DatabaseOptions AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        var database = DatabaseOptions.Read(configuration);
        services.AddSingleton(Options.Create(database));

        // Options as singletons: to build them for each scope, which is the default, took an eighth of the time of a sent message.
        if (database.Provider is DatabaseProvider.Sqlite)
        {
            SqlitePragmas.DisableMemoryStatistics();
            // A list of ids is one parameter (a JSON array). A parameter for each id would make another statement for each length of list.
            services.AddDbContext<AppDbContext, SqliteAppDbContext>(options => options
                .UseSqlite(database.ConnectionString, sqlite => sqlite
                    .CommandTimeout(SqlitePragmas.CommandTimeout)
                    .UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery)
                    .UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
                .AddInterceptors(new SqlitePragmas())
                .UseOurConventions(), optionsLifetime: ServiceLifetime.Singleton);
            services.AddHostedService<WalCheckpointer>();
            services.AddSingleton<SqliteSearchIndexer>();
            services.AddHostedService(provider => provider.GetRequiredService<SqliteSearchIndexer>());
            services.AddScoped<ISearchIndex, SqliteSearchIndex>();
            services.AddScoped<IPlannerStatistics, SqliteStatistics>();
        }
        else
        {
            services.AddDbContext<AppDbContext, SqlServerAppDbContext>(options => options
                .UseOurSqlServer(database.ConnectionString)
                .UseOurConventions(), optionsLifetime: ServiceLifetime.Singleton);
            services.AddScoped<ISearchIndex, SqlServerSearchIndex>();
            services.AddScoped<IPlannerStatistics, SqlServerStatistics>();
        }

        services.AddScoped<IAppDbContext>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddSingleton(new SqliteWriteLock(database.Provider));
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<IStorageHealth>(provider => provider.GetRequiredService<StorageHealth>());
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(StorageBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(RepetitionBehaviour<,>));
        services.AddKeys(configuration, database.Provider);
        return database;
    }

    /// <summary>Lists as with SQLite: from 2,100 parameters on SQL Server refuses a command, and each number of them
    /// has its own plan.</summary>
    internal static DbContextOptionsBuilder UseOurSqlServer(this DbContextOptionsBuilder options, string connectionString) => options
        .UseSqlServer(connectionString, server => server
            .ExecutionStrategy(dependencies => new TransientFailureRetry(dependencies))
            .UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery)
            .UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
        .ReplaceService<IQuerySqlGeneratorFactory, SqlServerListCollation>();

    /// <summary>EF Core logs each failed command and save as an error, although whoever gets the exception handles or logs it.</summary>
    private static void UseOurConventions(this DbContextOptionsBuilder options) => options
        .UseSnakeCaseNamingConvention().ReplaceService<IModelCacheKeyFactory, OrganizationModelCacheKeyFactory>()
        .ConfigureWarnings(events => events.Log(
            (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));
}
