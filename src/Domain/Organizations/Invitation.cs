namespace MetaMessaging.Domain.Organizations;

/// <summary>Lets whoever has its link join an organization, once. Only the hash of its token is stored; accepting deletes it.</summary>
public sealed class Invitation : Entity, IOwnedByOrganization
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private Invitation() { }

    private Invitation(
        long organizationId, string email, OrganizationRoles roles, string tokenHash, long? invitedBy, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        Email = email;
        Roles = roles;
        TokenHash = tokenHash;
        InvitedByUserId = invitedBy;
        CreatedAt = now;
        ExpiresAt = now + Lifetime;
    }

    public long OrganizationId { get; private set; }

    public string Email { get; private set; } = "";

    public OrganizationRoles Roles { get; private set; }

    public string TokenHash { get; private set; } = "";

    public long? InvitedByUserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public bool IsFor(string address) => string.Equals(Email, address, StringComparison.OrdinalIgnoreCase);

    public static (Invitation Row, string Token) Create(
        long organizationId, string email, OrganizationRoles roles, long? invitedBy, DateTimeOffset now)
    {
        var token = SecretToken.Create();
        return (new Invitation(organizationId, email, roles, SecretToken.HashOf(token), invitedBy, now), token);
    }
}
