namespace MetaMessaging.Application.Organizations;

public sealed record UpdateOrganizationSettings(string? TimeZone, string? Language) : IRequest<OrganizationSettings>;

internal sealed class UpdateOrganizationSettingsValidator : AbstractValidator<UpdateOrganizationSettings>
{
    public UpdateOrganizationSettingsValidator()
    {
        RuleFor(u => u.TimeZone).NotEmpty().MaximumLength(64).IsTimeZone();
        RuleFor(u => u.Language).NotEmpty().MaximumLength(35).IsLanguage();
    }
}

internal sealed class UpdateOrganizationSettingsHandler(IAppDbContext db, AuditLog audit, OrganizationScope scope)
    : IRequestHandler<UpdateOrganizationSettings, OrganizationSettings>
{
    public async Task<OrganizationSettings> Handle(UpdateOrganizationSettings request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.SingleAsync(o => o.Id == scope.OrganizationId, cancellationToken);
        audit.Record(
            AuditActions.OrganizationChanged, AuditTarget.Of(organization, organization.Name),
            new AuditChange("timeZone", organization.TimeZone, request.TimeZone),
            new AuditChange("language", organization.Language, request.Language));
        organization.ChangeRegion(request.TimeZone!, request.Language!);
        await db.SaveChangesAsync(cancellationToken);
        return new OrganizationSettings(organization.Name, organization.TimeZone, organization.Language);
    }
}
