using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Domain.Organizations;

public enum OrganizationState
{
    Active,

    /// <summary>Deliveries are still taken and kept, but nothing is sent and no member signs in.</summary>
    Suspended,

    /// <summary>A job is erasing it.</summary>
    Deleting,
}

/// <summary>A tenant: no organization sees anything of another.</summary>
public sealed class Organization(string name, DateTimeOffset createdAt) : Entity
{
    public string Name { get; private set; } = name;

    public OrganizationState State { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; } = createdAt;

    /// <summary>IANA name, for members who have chosen none; null for that of each browser.</summary>
    public string? TimeZone { get; private set; }

    /// <summary>BCP 47 tag by which times are written, for members who have chosen none; null for that of each browser.</summary>
    public string? Language { get; private set; }

    public SecuritySettings Security { get; private set; } = new(RequireTwoFactor: false, UserSession.DefaultHours);

    public Retention Retention { get; private set; } = new(null, null, null, null);

    /// <summary>Entries of the audit log before this time may be deleted; later ones are only ever added.</summary>
    public DateTimeOffset? AuditDeletedBefore { get; private set; }

    public void Rename(string name) => Name = PlainName.Clean(name)!;

    public void Suspend() => ChangeState(OrganizationState.Suspended);

    public void Activate() => ChangeState(OrganizationState.Active);

    public void StartDeletion() => State = OrganizationState.Deleting;

    public void ChangeRegion(string? timeZone, string? language) => (TimeZone, Language) = (timeZone, language);

    public void ChangeSecurity(SecuritySettings security) => Security = security;

    public void ChangeRetention(Retention retention) => Retention = retention;

    public void AllowDeletionOfAudit(DateTimeOffset before) =>
        AuditDeletedBefore = AuditDeletedBefore > before ? AuditDeletedBefore : before;

    private void ChangeState(OrganizationState state)
    {
        if (State is OrganizationState.Deleting)
            throw new ConflictException("organization_is_deleted", "This organization is being deleted.");
        State = state;
    }
}

/// <param name="SessionHours">A session that is not used for so long ends.</param>
public sealed record SecuritySettings(bool RequireTwoFactor, int SessionHours);

/// <summary>How many days each kind of data is kept; null keeps it for ever.</summary>
public sealed record Retention(int? MessageDays, int? MediaDays, int? DeliveryDays, int? AuditDays);
