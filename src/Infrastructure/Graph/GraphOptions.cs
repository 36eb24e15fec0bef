namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Section Meta: Meta's addresses and the time limits of calls.</summary>
internal sealed partial class GraphOptions
{
    public const string Section = "Meta";

    public Uri GraphBaseUrl { get; set; } = new("https://graph.facebook.com");

    public Uri DialogBaseUrl { get; set; } = new("https://www.facebook.com");

    /// <summary>Always named: without a version Meta uses the one set in the App Dashboard.</summary>
    public string GraphVersion { get; set; } = "v25.0";

    /// <summary>A configuration of Facebook Login for Business; the dialog then names it in place of the permissions.</summary>
    public string? LoginConfigId { get; set; }

    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>For one file of up to 25 MB.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>For one read with its retries.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the first retry of a read; the second waits twice as long.</summary>
    public TimeSpan ReadRetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    public bool HasGraphAddress => IsWeb(GraphBaseUrl);

    public bool HasDialogAddress => IsWeb(DialogBaseUrl);

    public bool HasVersion => GraphVersion is not null && Version().IsMatch(GraphVersion);

    /// <summary>A call has to end before the claim on its message does, or another node would send the message a second time.</summary>
    public bool HasTimeouts => SendTimeout > TimeSpan.Zero && SendTimeout <= Message.MaxSendTime
        && UploadTimeout > TimeSpan.Zero && UploadTimeout < Message.UploadClaimExtension
        && ReadTimeout > TimeSpan.Zero
        && ConnectTimeout > TimeSpan.Zero
        && ReadRetryDelay >= TimeSpan.Zero;

    private static bool IsWeb(Uri? address) =>
        address is { IsAbsoluteUri: true } && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    [GeneratedRegex(@"^v\d+\.\d+\z")]
    private static partial Regex Version();
}
