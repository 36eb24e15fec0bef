namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Which node does what only one may. Each new owner increments the token, so a node that was slow notices its loss.</summary>
internal sealed class Lease(string name, string owner, DateTimeOffset expiresAt)
{
    public string Name { get; private set; } = name;

    public string Owner { get; private set; } = owner;

    public long Token { get; private set; } = 1;

    public DateTimeOffset ExpiresAt { get; private set; } = expiresAt;
}
