namespace MetaMessaging.Domain.Common;

/// <summary>Data of one organization; the persistence layer shows it to nobody else.</summary>
public interface IOwnedByOrganization
{
    long OrganizationId { get; }
}
