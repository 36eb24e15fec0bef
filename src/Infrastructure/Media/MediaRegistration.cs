namespace MetaMessaging.Infrastructure.Media;

internal static partial class MediaRegistration
{
    public static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        var provider = ProviderIn(configuration);
        services.AddOptions<MediaOptions>()
            .Configure(options =>
            {
                if (configuration["Storage:Path"] is { Length: > 0 } path) options.StoragePath = path;
                if (configuration["Storage:ConnectionString"] is { Length: > 0 } connection) options.ConnectionString = connection;
                if (configuration["Storage:Container"] is { Length: > 0 } container) options.Container = container;
                options.Provider = provider;
                if (HostsIn(configuration.GetSection("Meta:MediaHosts")) is { Count: > 0 } hosts) options.Hosts = hosts;
            })
            .Validate(
                options => options.Hosts.All(MediaHosts.IsHost),
                "Meta:MediaHosts is a list of host names such as fbcdn.net, or of hosts with a port such as localhost:5090.")
            .Validate(
                options => options.Provider is not MediaProvider.AzureBlob || ContainerName().IsMatch(options.Container),
                "Storage:Container is a name of 3 to 63 lower-case letters, digits and single hyphens, such as media.")
            .Validate(
                options => options.Provider is not MediaProvider.AzureBlob || CanConnect(options),
                "Storage:ConnectionString is the connection string of a storage account, as the Azure portal shows it under Access keys.")
            .ValidateOnStart();

        services.AddSingleton<MediaHosts>();
        if (provider is MediaProvider.AzureBlob) services.AddSingleton<MediaStore, BlobMediaStore>();
        else services.AddSingleton<MediaStore, FolderMediaStore>();
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

    private static MediaProvider ProviderIn(IConfiguration configuration) => configuration["Storage:Provider"] is not { Length: > 0 } name
        ? MediaProvider.FileSystem
        : Enum.TryParse<MediaProvider>(name, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
            ? provider
            : throw new SettingException($"Storage:Provider: {name} is unknown; it is FileSystem or AzureBlob.");

    private static bool CanConnect(MediaOptions options)
    {
        try
        {
            return options.ConnectionString.Length > 0 && BlobMediaStore.Connect(options).Uri.IsAbsoluteUri;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerName();

    /// <summary>A JSON list, or one string separated by commas as in an environment variable.</summary>
    private static List<string> HostsIn(IConfigurationSection section) =>
    [
        .. (section.Value?.Split(',') ?? []).Concat(section.GetChildren().Select(child => child.Value ?? ""))
            .Select(host => host.Trim()).Where(host => host.Length > 0),
    ];
}
