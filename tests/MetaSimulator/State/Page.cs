namespace MetaMessaging.MetaSimulator.State;

/// <summary>A Facebook Page, with the Instagram professional account that may be linked to it.</summary>
internal sealed class Page
{
    private volatile IReadOnlyList<string>? _subscribedFields;

    public required string Id { get; init; }

    public required string Name { get; set; }

    public string Category { get; set; } = "Coffee shop";

    public InstagramAccount? Instagram { get; set; }

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
}

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
