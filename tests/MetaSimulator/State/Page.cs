using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>A Facebook Page, with the Instagram professional account that may be linked to it.</summary>
internal sealed class Page
{
    private readonly Dictionary<Channel, JsonObject> _messengerProfiles = [];
    private volatile IReadOnlyList<string>? _subscribedFields;

    public required string Id { get; init; }

    public required string Name { get; set; }

    public string Category { get; set; } = "Coffee shop";

    public InstagramAccount? Instagram { get; set; }

    /// <summary>False for a Page that <c>/me/accounts</c> leaves out, as it does with some of a business portfolio.</summary>
    public bool IsListed { get; set; } = true;

    public PageBusiness? Business { get; set; }

    /// <summary>
    /// The fields that the app is subscribed to at page level; null while the app isn't installed (platform reference, OAuth →
    /// subscribed_apps).
    /// </summary>
    public IReadOnlyList<string>? SubscribedFields
    {
        get => _subscribedFields;
        set => _subscribedFields = value;
    }

    /// <summary>
    /// With Conversation Routing on, the app that owns threads nobody else took (platform reference, Webhooks → Hand-over and standby);
    /// null leaves every app free to send.
    /// </summary>
    public string? DefaultAppId { get; set; }

    /// <summary>An error that every send of this Page gets, as Meta restricts a Page (10/1893063, 368, ...).</summary>
    public PageRestriction? Restriction { get; set; }

    /// <summary>The properties that are set, by name; not to be changed.</summary>
    public JsonObject MessengerProfile(Channel channel)
    {
        lock (_messengerProfiles) return _messengerProfiles.GetValueOrDefault(channel) ?? [];
    }

    /// <summary>Changes a copy, which stays the profile's only if the change does not throw.</summary>
    public void ChangeMessengerProfile(Channel channel, Action<JsonObject> change)
    {
        lock (_messengerProfiles)
        {
            var changed = (JsonObject)MessengerProfile(channel).DeepClone();
            change(changed);
            _messengerProfiles[channel] = changed;
        }
    }
}

/// <param name="Edge">owned_pages or client_pages.</param>
internal sealed record PageBusiness(string Id, string Edge);

internal sealed record PageRestriction(int Code, int? Subcode);

internal sealed class InstagramAccount
{
    public required string Id { get; init; }

    public required string Username { get; set; }

    public required string Name { get; set; }

    /// <summary>
    /// The owner's "Allow access to messages" (platform reference, OAuth → Preconditions): off makes sends fail and webhooks silent.
    /// </summary>
    public bool AllowsMessageAccess { get; set; } = true;
}
