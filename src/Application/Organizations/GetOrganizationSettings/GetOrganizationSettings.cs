namespace MetaMessaging.Application.Organizations;

/// <summary>The time zone and the language of members who have chosen none.</summary>
public sealed record GetOrganizationSettings : IRequest<OrganizationSettings>;

/// <param name="TimeZone">IANA name; null for that of each browser.</param>
/// <param name="Language">BCP 47 tag, by which dates and numbers are written.</param>
public sealed record OrganizationSettings(string Name, string? TimeZone, string? Language);

internal sealed class GetOrganizationSettingsHandler(IAppDbContext db, OrganizationScope scope)
    : IRequestHandler<GetOrganizationSettings, OrganizationSettings>
{
    public Task<OrganizationSettings> Handle(GetOrganizationSettings request, CancellationToken cancellationToken) =>
        db.Organizations.Where(o => o.Id == scope.OrganizationId).Select(o => new OrganizationSettings(o.Name, o.TimeZone, o.Language))
            .SingleAsync(cancellationToken);
}
