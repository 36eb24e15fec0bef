namespace MetaMessaging.MetaSimulator;

/// <summary>What the simulated platform starts with; everything can be changed later through the control API.</summary>
public sealed record SimulatorOptions
{
    public const string DefaultAppId = "123456789012345";
    public const string DefaultAppSecret = "0123456789abcdef0123456789abcdef";
    public const string DefaultRedirectUri = "http://localhost:5080/integrations/meta-messaging/oauth/callback";

    /// <summary>Where to listen. Port 0 takes a free one; <see cref="Simulator.BaseAddress"/> tells which.</summary>
    public string Urls { get; init; } = "http://localhost:5090";

    public string AppId { get; init; } = DefaultAppId;

    public string AppSecret { get; init; } = DefaultAppSecret;

    public IReadOnlyList<string> RedirectUris { get; init; } = [DefaultRedirectUri];

    /// <summary>How many seeded Pages the person who logs in manages: 0 to 2.</summary>
    public int Pages { get; init; } = 1;

    /// <summary>The address under which others reach the simulator, when it differs from the one it listens on.</summary>
    public string? PublicBaseUrl { get; init; }

    /// <summary>Writes warnings to the console.</summary>
    public bool Log { get; init; }

    /// <summary>The options of an in-process instance on a free port, as tests want it.</summary>
    public static SimulatorOptions OnFreePort { get; } = new() { Urls = "http://127.0.0.1:0" };

    internal static SimulatorOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Simulator");
        var redirects = section.GetSection("RedirectUris");
        var listed = redirects.GetChildren().Select(child => child.Value).OfType<string>().ToList();
        if (redirects.Value is { Length: > 0 } joined)
            listed.AddRange(joined.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        return new SimulatorOptions
        {
            Urls = configuration["urls"] ?? "http://localhost:5090",
            AppId = section["AppId"] ?? DefaultAppId,
            AppSecret = section["AppSecret"] ?? DefaultAppSecret,
            RedirectUris = listed is [] ? [DefaultRedirectUri] : listed,
            Pages = section.GetValue("Pages", 1),
            PublicBaseUrl = section["PublicBaseUrl"],
            Log = true,
        };
    }
}
