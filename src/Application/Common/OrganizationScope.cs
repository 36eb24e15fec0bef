namespace MetaMessaging.Application.Common;

/// <summary>Whose rows a unit of work sees: one organization's, or all for workers. Set once; before that no rows are visible.</summary>
public sealed class OrganizationScope : IScopedService
{
    public long? OrganizationId { get; private set; }

    /// <summary>For the inbound worker, the dispatcher, jobs and the start.</summary>
    public bool SeesAllOrganizations { get; private set; }

    /// <summary>The organization that the unit of work has created: its rows may be written, too.</summary>
    public long? NewOrganizationId { get; private set; }

    public void AllowNew(long organizationId) => NewOrganizationId = organizationId;

    public void Enter(long organizationId)
    {
        if (SeesAllOrganizations || (OrganizationId is not null && OrganizationId != organizationId))
            throw new InvalidOperationException("A unit of work belongs to one organization.");
        OrganizationId = organizationId;
    }

    public void EnterAllOrganizations()
    {
        if (OrganizationId is not null) throw new InvalidOperationException("A unit of work belongs to one organization.");
        SeesAllOrganizations = true;
    }
}
