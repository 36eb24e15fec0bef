namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Which <see cref="Node"/> does what only one may.</summary>
internal sealed class Lease(string name, string owner, DateTimeOffset expiresAt)
{
    public string Name { get; private set; } = name;

    public string Owner { get; private set; } = owner;

    public DateTimeOffset ExpiresAt { get; private set; } = expiresAt;
}
