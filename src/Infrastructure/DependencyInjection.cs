using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Jobs;
using MetaMessaging.Infrastructure.Mailing;
using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Outbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.SystemConfiguration;
using MetaMessaging.Infrastructure.UserAccounts;

namespace MetaMessaging.Infrastructure;

public static class DependencyInjection
{
    /// <summary>Creates what media and keys are stored in. Nobody but the app's user can read the folders.</summary>
    /// <exception cref="SettingException">One of them cannot be written.</exception>
    public static async Task PrepareStorageAsync(this IServiceProvider services)
    {
        await services.GetRequiredService<MediaStore>().PrepareAsync(CancellationToken.None);
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
        services.AddSingleton<MetaApp>();
        services.AddSingleton<IMetaApp>(provider => provider.GetRequiredService<MetaApp>());
        services.AddSingleton<INodeMessageHandler>(provider => provider.GetRequiredService<MetaApp>());
        services.AddNodes(configuration);   // stops after the inbound worker
        services.AddInbound(configuration);
        services.AddOutbound();
        return services;
    }
}
