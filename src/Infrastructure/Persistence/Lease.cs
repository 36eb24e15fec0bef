namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Says which node does work that only one may do at a time. The token is incremented with each change of the owner, so that a node
/// which was only slow notices that it has lost the lease.
/// </summary>
internal sealed class Lease
{
    private Lease() { }

    public Lease(string name, string owner, DateTimeOffset expiresAt)
    {
        Name = name;
        Owner = owner;
        Token = 1;
        ExpiresAt = expiresAt;
    }

    public string Name { get; private set; } = "";

    public string Owner { get; private set; } = "";

    public long Token { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }
}
