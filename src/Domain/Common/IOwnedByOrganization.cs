namespace MetaMessaging.Domain.Common;

/// <summary>Data of one organization. A global query filter hides it from all others.</summary>
public interface IOwnedByOrganization { long OrganizationId { get; } }
