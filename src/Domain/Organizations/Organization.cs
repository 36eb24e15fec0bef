namespace MetaMessaging.Domain.Organizations;

/// <summary>A tenant: no organization sees anything of another.</summary>
public sealed class Organization : Entity
{
    private Organization() { }

    public Organization(string name, DateTimeOffset now)
    {
        Name = name;
        CreatedAt = now;
    }

    public string Name { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }
}
