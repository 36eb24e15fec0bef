namespace MetaMessaging.Domain.Conversations;

/// <summary>What a client sent under a key that it chose. Kept for a day, so that a repeated request sends nothing twice.</summary>
public sealed class IdempotencyKey : Entity, IOwnedByOrganization
{
    public const int MaxKeyLength = 255;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private IdempotencyKey() { }

    public IdempotencyKey(long organizationId, string caller, string key, string requestHash, string sendId, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        Caller = caller;
        Key = key;
        Use(requestHash, sendId, now);
    }

    public long OrganizationId { get; private set; }

    /// <summary>The user or the API key; different callers may choose the same key.</summary>
    public string Caller { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string RequestHash { get; private set; } = "";

    public string SendId { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public bool IsExpired(DateTimeOffset now) => now - CreatedAt >= Lifetime;

    public void Use(string requestHash, string sendId, DateTimeOffset now)
    {
        RequestHash = requestHash;
        SendId = sendId;
        CreatedAt = now;
    }
}
