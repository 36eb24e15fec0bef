namespace MetaMessaging.Application.Organizations;

/// <summary>How times are shown to members who have chosen nothing of their own.</summary>
/// <param name="TimeZone">Null or empty for that of each browser, like the language.</param>
public sealed record UpdateOrganizationSettings(string? TimeZone, string? Language) : IRequest<OrganizationSettings>;

internal sealed class UpdateOrganizationSettingsValidator : AbstractValidator<UpdateOrganizationSettings>
{
    public UpdateOrganizationSettingsValidator()
    {
        RuleFor(u => u.TimeZone).MaximumLength(64).IsTimeZone().WithName("Time zone");
        RuleFor(u => u.Language).MaximumLength(35).IsLanguage();
    }
}

internal sealed class UpdateOrganizationSettingsHandler(IAppDbContext db, AuditLog audit, OrganizationScope scope)
    : IRequestHandler<UpdateOrganizationSettings, OrganizationSettings>
{
    public async Task<OrganizationSettings> Handle(UpdateOrganizationSettings request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.SingleAsync(o => o.Id == scope.OrganizationId, cancellationToken);
        var timeZone = string.IsNullOrEmpty(request.TimeZone) ? null : request.TimeZone;
        var language = string.IsNullOrEmpty(request.Language) ? null : request.Language;
        audit.Record(
            AuditActions.OrganizationChanged, AuditTarget.Of(organization, organization.Name),
            new AuditChange("timeZone", organization.TimeZone, timeZone),
            new AuditChange("language", organization.Language, language));
        organization.ChangeRegion(timeZone, language);
        await db.SaveChangesAsync(cancellationToken);
        return new OrganizationSettings(organization.Name, organization.TimeZone, organization.Language);
    }
}
