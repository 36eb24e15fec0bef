using Hangfire;
using Hangfire.InMemory;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Jobs;
using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Outbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.SystemConfiguration;
using MetaMessaging.Infrastructure.UserAccounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MetaMessaging.Infrastructure;

public static class DependencyInjection
{
    /// <summary>Creates the folders of media and keys, which nobody but the app's user can read.</summary>
    /// <exception cref="SettingException">One of them cannot be written.</exception>
    public static void PrepareFolders(this IServiceProvider services)
    {
        PrivateFiles.PrepareFolder(
            Path.GetFullPath(services.GetRequiredService<IOptions<MediaOptions>>().Value.StoragePath), "Storage:Path");
        PrivateFiles.PrepareFolder(
            Path.GetFullPath(KeysPathIn(services.GetRequiredService<IConfiguration>())), "DataProtection:KeysPath");
    }

    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddMetrics();
        var database = services.AddPersistence(configuration);
        services.AddUserAccounts();
        services.AddGraph(configuration);
        services.AddMedia(configuration);
        services.AddJobs(database);

        services.AddSingleton<IMetaApp, MetaApp>();
        services.AddSingleton<WakeUpSignal>();
        services.AddSingleton<WebhookTraffic>();
        services.AddSingleton<InboundLoadShedding>();
        services.AddSingleton<ILoadShedding>(provider => provider.GetRequiredService<InboundLoadShedding>());
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<IWebhookInbox>(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<NodeLease>(provider, InboundWorker.LeaseName));
        services.AddHostedService(provider => provider.GetRequiredService<NodeLease>());   // stops after InboundWorker
        services.AddHostedService<InboundWorker>();
        services.AddSingleton<RefusedSignatureCounter>();
        services.AddSingleton<IRefusedSignatures>(provider => provider.GetRequiredService<RefusedSignatureCounter>());
        services.AddHostedService(provider => provider.GetRequiredService<RefusedSignatureCounter>());
        services.AddOptions<WebhookRetention>().Bind(configuration.GetSection(WebhookRetention.Section))
            .Validate(retention => retention.IsValid, "Webhooks:RetentionDays lies between 1 and 3650.").ValidateOnStart();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<IDispatcher>(provider => provider.GetRequiredService<Dispatcher>());
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        return services;
    }

    private static DatabaseOptions AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        var database = DatabaseOptions.Read(configuration);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(database));

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
                .UseOurConventions());
            services.AddHostedService<WalCheckpointer>();
        }
        else
        {
            services.AddDbContext<AppDbContext, SqlServerAppDbContext>(options => options
                .UseSqlServer(database.ConnectionString, server => server.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery))
                .UseOurConventions());
        }

        services.AddScoped<IAppDbContext>(provider => provider.GetRequiredService<AppDbContext>());
        services.AddSingleton<SecretProtector>();
        services.AddSingleton(new SqliteWriteLock(database.Provider));
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<IStorageHealth>(provider => provider.GetRequiredService<StorageHealth>());
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(StorageBehaviour<,>));
        services.AddDataProtection().SetApplicationName("MetaMessaging")
            .PersistKeysToFileSystem(new DirectoryInfo(KeysPathIn(configuration)));
        return database;
    }

    private static string KeysPathIn(IConfiguration configuration) =>
        configuration["DataProtection:KeysPath"] is { Length: > 0 } path ? path : "data/keys";

    private static void UseOurConventions(this DbContextOptionsBuilder options) =>
        options.UseSnakeCaseNamingConvention().ReplaceService<IModelCacheKeyFactory, OrganizationModelCacheKeyFactory>();

    private static void AddUserAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<AppUser>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Password.RequiredLength = 10;      // length is what makes a password strong, not composition rules
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddEntityFrameworkStores<AppDbContext>();
        services.AddScoped<IUserAccounts, IdentityUserAccounts>();
    }

    /// <summary>In memory with SQLite: rows schedule them again at start. SQL Server, which several nodes share, stores them.</summary>
    private static void AddJobs(this IServiceCollection services, DatabaseOptions database)
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
