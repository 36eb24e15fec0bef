using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Control;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>The app as its dashboard shows it, and how the platform behaves. Immutable: a change creates a new instance.</summary>
internal sealed record Settings
{
    public required AppSettings App { get; init; }

    public BehaviourSettings Behaviour { get; init; } = new();

    public LimitSettings Limits { get; init; } = new();

    public UsageSettings Usage { get; init; } = new();

    /// <summary>Applies a JSON merge patch: members that the patch does not name keep their values.</summary>
    public Settings Patched(JsonObject patch)
    {
        var current = JsonSerializer.SerializeToNode(this, ControlJson.Options)!.AsObject();
        Merge(current, patch);
        return current.Deserialize<Settings>(ControlJson.Options)!;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing) Merge(existing, inner);
            else target[name] = value?.DeepClone();
        }
    }
}

internal sealed record AppSettings
{
    public required string Id { get; init; }

    public required string Secret { get; init; }

    public string Name { get; init; } = "MetaMessaging";

    /// <summary>Valid OAuth Redirect URIs, compared exactly (platform reference, OAuth → Login dialog).</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>
    /// "Require App Secret": calls with a user or page token need <c>appsecret_proof</c> (platform reference, OAuth → appsecret_proof).
    /// </summary>
    public bool RequireAppSecretProof { get; init; } = true;

    /// <summary>The Human Agent feature, for the seven-day tag (platform reference, Send API → Windows and tags).</summary>
    public bool HumanAgent { get; init; } = true;

    /// <summary>
    /// The Business Asset User Profile Access feature, for Messenger names and pictures (platform reference, Profile API).
    /// </summary>
    public bool ProfileAccess { get; init; } = true;

    /// <summary>Permissions that the app may ask for; anything else is an invalid scope.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = OAuth.Permissions.All;

    /// <summary>Facebook Login for Business configurations: id → permissions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> LoginConfigurations { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    public string? DeauthorizeCallbackUrl { get; init; }

    public string? DataDeletionCallbackUrl { get; init; }
}

internal sealed record BehaviourSettings
{
    /// <summary>How long each Graph answer takes.</summary>
    public int LatencyMs { get; init; }

    /// <summary>When a send's echo is delivered, relative to the answer: before, after or never.</summary>
    public EchoMode Echo { get; init; } = EchoMode.After;

    public int EchoDelayMs { get; init; }

    /// <summary>Messenger delivery events for messages that reach a phone that is online.</summary>
    public bool DeliveryReceipts { get; init; } = true;

    public int DeliveryReceiptDelayMs { get; init; }

    /// <summary>How many times faster the waits between webhook retries pass.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>How long the receiver of a webhook may take (platform reference, Webhooks → Delivery rules).</summary>
    public int WebhookTimeoutMs { get; init; } = 5000;

    /// <summary>
    /// A list of Pages with a higher limit is refused with 500 and code 1, "reduce the amount of data"; 0 switches this off.
    /// </summary>
    public int MaxPagesPerAnswer { get; init; }

    /// <summary>How long an address of a picture or file stays valid.</summary>
    public int MediaLifetimeSeconds { get; init; } = 24 * 3600;

    /// <summary>
    /// An Instagram <c>message_edit</c> with <c>num_edit: 0</c> beside every new message (platform reference, Webhooks → Echo, edit,
    /// unsend): none, after, before or bareOnly (no message at all).
    /// </summary>
    public EditZeroMode InstagramEditZero { get; init; }
}

internal enum EchoMode
{
    After,
    Before,
    Never,
}

internal enum EditZeroMode
{
    None,
    After,
    Before,
    BareOnly,
}

/// <summary>Calls a second and page (platform reference, Send API → Limits); 0 switches a limit off.</summary>
internal sealed record LimitSettings
{
    public int MessengerSends { get; init; } = 300;

    public int InstagramSends { get; init; } = 100;

    public int MediaSends { get; init; } = 10;

    public int Conversations { get; init; } = 2;
}

/// <summary>What the usage headers say (platform reference, Send API → Limits): percentages of the allowance.</summary>
internal sealed record UsageSettings
{
    public bool Send { get; init; } = true;

    public int CallCount { get; init; } = 1;

    public int TotalCpuTime { get; init; } = 1;

    public int TotalTime { get; init; } = 1;

    public int EstimatedMinutesToRegainAccess { get; init; }
}
