namespace MetaMessaging.Domain.Organizations;

/// <summary>A tenant: no organization sees anything of another.</summary>
public sealed class Organization(string name, DateTimeOffset createdAt) : Entity
{
    public string Name { get; private set; } = name;

    public DateTimeOffset CreatedAt { get; private set; } = createdAt;
}
