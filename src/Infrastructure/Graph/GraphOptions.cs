using System.Text.RegularExpressions;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Section Meta: where Meta is, and how long to wait for it.</summary>
internal sealed partial class GraphOptions
{
    public const string Section = "Meta";

    public Uri GraphBaseUrl { get; set; } = new("https://graph.facebook.com");

    public Uri DialogBaseUrl { get; set; } = new("https://www.facebook.com");

    /// <summary>Pinned: without a version Meta uses whatever the App Dashboard says.</summary>
    public string GraphVersion { get; set; } = "v25.0";

    /// <summary>A configuration of Facebook Login for Business; replaces the list of permissions in the dialog.</summary>
    public string? LoginConfigId { get; set; }

    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>For one file of 25 MB at most.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>For one read with all its tries.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Before the second try of a read; twice that before the third.</summary>
    public TimeSpan ReadRetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    public bool HasAddresses => IsWeb(GraphBaseUrl) && IsWeb(DialogBaseUrl);

    public bool HasVersion => GraphVersion is not null && Version().IsMatch(GraphVersion);

    /// <summary>A claim on a message must outlive the call that it was made for.</summary>
    public bool HasTimeouts => SendTimeout > TimeSpan.Zero && SendTimeout < Message.ClaimLifetime
        && UploadTimeout > TimeSpan.Zero && UploadTimeout < Message.UploadLifetime && ReadTimeout > TimeSpan.Zero && ConnectTimeout > TimeSpan.Zero && ReadRetryDelay >= TimeSpan.Zero;

    private static bool IsWeb(Uri? address) =>
        address is { IsAbsoluteUri: true } && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    [GeneratedRegex(@"^v\d+\.\d+\z")]
    private static partial Regex Version();
}
