using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Jobs;
using MetaMessaging.Infrastructure.Mailing;
using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Outbound;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.SystemConfiguration;
using MetaMessaging.Infrastructure.UserAccounts;

namespace MetaMessaging.Infrastructure;

public static class DependencyInjection
{
    /// <summary>Creates the folders of media and keys, which nobody but the app's user can read.</summary>
    /// <exception cref="SettingException">One of them cannot be written.</exception>
    public static void PrepareFolders(this IServiceProvider services)
    {
        PrivateFiles.PrepareFolder(
            Path.GetFullPath(services.GetRequiredService<IOptions<MediaOptions>>().Value.StoragePath), "Storage:Path");
        var keys = services.GetRequiredService<KeyOptions>();
        if (!keys.AreInDatabase) PrivateFiles.PrepareFolder(keys.Folder, "DataProtection:KeysPath");
    }

    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddMetrics();
        var database = services.AddPersistence(configuration);
        services.AddUserAccounts().AddEntityFrameworkStores<AppDbContext>();
        services.AddGraph(configuration);
        services.AddMail(configuration);
        services.AddMedia(configuration);
        services.AddJobs(database);
        services.AddSingleton<IMetaApp, MetaApp>();
        services.AddNodes();   // stops after the inbound worker
        services.AddInbound(configuration);
        services.AddOutbound();
        return services;
    }
}
