using Hangfire;
using Hangfire.InMemory;
using Hangfire.SqlServer;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Jobs;

internal static class JobsRegistration
{
    /// <summary>As https://docs.hangfire.io/en/latest/configuration/using-sql-server.html recommends.</summary>
    private static readonly SqlServerStorageOptions SqlServer = new()
    {
        CommandBatchMaxTimeout = TimeSpan.FromMinutes(5),
        SlidingInvisibilityTimeout = TimeSpan.FromMinutes(5),
        QueuePollInterval = TimeSpan.Zero,
        UseRecommendedIsolationLevel = true,
        DisableGlobalLocks = true,
    };

    /// <summary>In memory with SQLite: rows schedule them again at start. SQL Server, which several nodes share, stores them.</summary>
    public static void AddJobs(this IServiceCollection services, DatabaseOptions database)
    {
        services.AddHangfire(hangfire =>
        {
            hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            if (database.Provider is DatabaseProvider.SqlServer) hangfire.UseSqlServerStorage(database.ConnectionString, SqlServer);
            else hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) });
        });
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = 8;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);   // the first retry of a send comes after two seconds
        });
        services.AddSingleton<SliceJob>();
        services.AddSingleton<HangfireJobs>();
        if (database.Provider is DatabaseProvider.SqlServer)
        {
            services.AddSingleton<QueuedJobs>();
            services.AddSingleton<IJobs>(provider => provider.GetRequiredService<QueuedJobs>());
            services.AddHostedService(provider => provider.GetRequiredService<QueuedJobs>());
        }
        else
        {
            services.AddSingleton<IJobs>(provider => provider.GetRequiredService<HangfireJobs>());
        }

        services.AddSingleton<IJobHistory, HangfireHistory>();
        services.AddHostedService<RecurringJobs>();
    }
}
