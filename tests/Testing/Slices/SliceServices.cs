using MetaMessaging.Application;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Testing;

/// <summary>The app's registrations, with fakes for the ports that reach outside and without hosted services.</summary>
internal static class SliceServices
{
    // One key ring a process: EF caches the model by it, and building the model takes most of a test's time.
    private static readonly SecretProtector Protector =
        new(new EphemeralDataProtectionProvider(), TimeProvider.System, NullLogger<SecretProtector>.Instance);

    public static ServiceProvider Build(string provider, string connectionString, Func<Fakes> fakes, params IInterceptor[] interceptors)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["ConnectionStrings:Database"] = connectionString,
        }).Build();

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddApplication();
        services.AddInfrastructure(configuration);
        services.RemoveAll<IHostedService>();
        services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(interceptors));
        BuildDbContextOptionsInEachScope(services);
        services.AddSingleton(Protector);
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);

        // Each test has its own fakes, so they are resolved at every use.
        services.AddTransient<TimeProvider>(_ => fakes().Clock);
        services.AddTransient<IMetaOAuth>(_ => fakes().MetaOAuth);
        services.AddTransient<IMetaPages>(_ => fakes().MetaPages);
        services.AddTransient<IMetaMessages>(_ => fakes().MetaMessages);
        services.AddTransient<IMetaProfiles>(_ => fakes().MetaProfiles);
        services.AddTransient<IDispatcher>(_ => fakes().Dispatcher);
        services.AddTransient<IGraphBudget>(_ => fakes().Budget);
        services.AddTransient<IJobs>(_ => fakes().Jobs);
        services.AddTransient<IJobHistory>(_ => fakes().JobHistory);
        services.AddTransient<ISignInLimit>(_ => fakes().SignInLimit);
        services.AddTransient<ILiveUpdates>(_ => fakes().Live);
        services.AddTransient<ILiveConnections>(_ => fakes().Live);
        services.AddTransient<IMediaDownloader>(_ => fakes().Media);
        services.AddTransient<IMediaStore>(_ => fakes().Media);
        services.AddTransient<IMediaUploads>(_ => fakes().Media);
        services.AddTransient<ILoadShedding>(_ => fakes().Load);
        services.AddTransient<IWebhookInbox>(_ => fakes().Inbox);
        services.AddTransient<ICaller>(_ => fakes().Caller);
        services.AddTransient<IClientInfo>(_ => fakes().ClientInfo);
        services.AddTransient<IPublicAddress>(_ => fakes().Address);
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>Each test has a database of its own, see <see cref="Use"/>; the app builds its options once.</summary>
    private static void BuildDbContextOptionsInEachScope(ServiceCollection services)
    {
        foreach (var options in services.Where(s => IsDbContextOptions(s.ServiceType)).ToList())
        {
            services.Remove(options);
            services.Add(new ServiceDescriptor(options.ServiceType, options.ImplementationFactory!, ServiceLifetime.Scoped));
        }

        static bool IsDbContextOptions(Type type) => type == typeof(DbContextOptions)
            || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
                && (definition == typeof(DbContextOptions<>) || definition == typeof(IDbContextOptionsConfiguration<>)));
    }

    public static void Use(this IServiceProvider services, string connectionString) =>
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString = connectionString;
}
