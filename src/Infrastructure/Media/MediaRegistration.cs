namespace MetaMessaging.Infrastructure.Media;

internal static class MediaRegistration
{
    public static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MediaOptions>()
            .Configure(options =>
            {
                if (configuration["Storage:Path"] is { Length: > 0 } path) options.StoragePath = path;
                if (HostsIn(configuration.GetSection("Meta:MediaHosts")) is { Count: > 0 } hosts) options.Hosts = hosts;
            })
            .Validate(
                options => options.Hosts.All(MediaHosts.IsHost),
                "Meta:MediaHosts is a list of host names such as fbcdn.net, or of hosts with a port such as localhost:5090.")
            .ValidateOnStart();

        services.AddSingleton<MediaHosts>();
        services.AddSingleton<MediaStore>();
        services.AddSingleton<IMediaStore>(provider => provider.GetRequiredService<MediaStore>());
        services.AddSingleton<Thumbnails>();
        services.AddSingleton<IMediaUploads, MediaUploads>();
        services.AddSingleton<PublicConnections.Resolve>(Dns.GetHostAddressesAsync);
        services.AddSingleton<PublicConnections>();
        services.AddHttpClient<IMediaDownloader, MediaDownloader>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,   // a proxy would connect without checking for public addresses
                AutomaticDecompression = DecompressionMethods.None,   // a compressed answer could become a file above the maximum size
                ActivityHeadersPropagator = null,
                ConnectTimeout = provider.GetRequiredService<IOptions<MediaOptions>>().Value.ConnectTimeout,
                ConnectCallback = provider.GetRequiredService<PublicConnections>().ConnectAsync,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();   // Meta's addresses are signed: anyone who reads one in a log can fetch the file
        return services;
    }

    /// <summary>A JSON list, or one string separated by commas as in an environment variable.</summary>
    private static List<string> HostsIn(IConfigurationSection section) =>
    [
        .. (section.Value?.Split(',') ?? []).Concat(section.GetChildren().Select(child => child.Value ?? ""))
            .Select(host => host.Trim()).Where(host => host.Length > 0),
    ];
}
