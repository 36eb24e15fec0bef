using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.Organizations;

/// <summary>Saves what the organization asks of its members' sign-ins. It takes effect with their next request.</summary>
public sealed record UpdateSecuritySettings(bool? RequireTwoFactor, int? SessionHours) : IRequest<SecuritySettings>;

internal sealed class UpdateSecuritySettingsValidator : AbstractValidator<UpdateSecuritySettings>
{
    public UpdateSecuritySettingsValidator()
    {
        RuleFor(s => s.RequireTwoFactor).NotNull();
        RuleFor(s => s.SessionHours).NotNull().InclusiveBetween(1, UserSession.MaxHours);
    }
}

internal sealed class UpdateSecuritySettingsHandler(IAppDbContext db, OrganizationScope scope, AuditLog audit)
    : IRequestHandler<UpdateSecuritySettings, SecuritySettings>
{
    public async Task<SecuritySettings> Handle(UpdateSecuritySettings request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations.SingleAsync(o => o.Id == scope.OrganizationId, cancellationToken);
        var (before, after) = (organization.Security, new SecuritySettings(request.RequireTwoFactor!.Value, request.SessionHours!.Value));
        organization.ChangeSecurity(after);
        audit.Record(
            AuditActions.SecurityChanged, AuditTarget.Of(organization, organization.Name),
            new AuditChange("requireTwoFactor", before.RequireTwoFactor, after.RequireTwoFactor),
            new AuditChange("sessionHours", before.SessionHours, after.SessionHours));
        await db.SaveChangesAsync(cancellationToken);
        return after;
    }
}
