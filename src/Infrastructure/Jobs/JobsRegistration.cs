using Hangfire;
using Hangfire.InMemory;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Jobs;

internal static class JobsRegistration
{
    /// <summary>In memory with SQLite: rows schedule them again at start. SQL Server, which several nodes share, stores them.</summary>
    public static void AddJobs(this IServiceCollection services, DatabaseOptions database)
    {
        services.AddHangfire(hangfire =>
        {
            hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            if (database.Provider is DatabaseProvider.SqlServer) hangfire.UseSqlServerStorage(database.ConnectionString);
            else hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) });
        });
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = 8;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);   // the first retry of a send comes after two seconds
        });
        services.AddSingleton<SliceJob>();
        services.AddSingleton<IJobs, HangfireJobs>();
        services.AddSingleton<IJobHistory, HangfireHistory>();
        services.AddHostedService<RecurringJobs>();
    }
}
