namespace MetaMessaging.Application.Common;

/// <summary>
/// Whose data a unit of work sees. Decided once, by whoever begins it: the signed-in caller's organization, or all of
/// them for the workers that serve everybody. Until then nothing is visible.
/// </summary>
public sealed class OrganizationScope
{
    public long? OrganizationId { get; private set; }

    /// <summary>Workers only: the pump, the dispatcher, jobs.</summary>
    public bool IsSystem { get; private set; }

    public void Enter(long organizationId)
    {
        if (IsSystem || (OrganizationId is not null && OrganizationId != organizationId))
            throw new InvalidOperationException("A unit of work belongs to one organization.");
        OrganizationId = organizationId;
    }

    public void EnterSystem()
    {
        if (OrganizationId is not null) throw new InvalidOperationException("A unit of work belongs to one organization.");
        IsSystem = true;
    }
}
