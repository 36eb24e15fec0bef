namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Which node does what only one may. Each new owner increments the token, so a node that was slow notices its loss.</summary>
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
