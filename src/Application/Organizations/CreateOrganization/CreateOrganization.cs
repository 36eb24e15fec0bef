using MetaMessaging.Application.Members;

namespace MetaMessaging.Application.Organizations;

/// <summary>Creates an organization and, with an address, the invitation of its first admin.</summary>
public sealed record CreateOrganization(string? Name, string? AdminEmail) : IRequest<CreatedOrganization>, IRepeatable;

/// <param name="InviteUrl">Of the invitation; only the hash of its token is stored, so it cannot be shown again.</param>
public sealed record CreatedOrganization(
    long Id, string Name, OrganizationState State, int Members, int Connections, int Messages30Days, DateTimeOffset CreatedAt,
    InvitedMember? Invitation, string? InviteUrl);

internal sealed class CreateOrganizationValidator : AbstractValidator<CreateOrganization>
{
    public CreateOrganizationValidator()
    {
        RuleFor(c => c.Name).IsName(200);
        RuleFor(c => c.AdminEmail).IsEmailAddress();
    }
}

internal sealed class CreateOrganizationHandler(
    IAppDbContext db, InvitationLinks links, OrganizationScope scope, AuditLog audit, ICaller caller, IMail mail, TimeProvider clock)
    : IRequestHandler<CreateOrganization, CreatedOrganization>
{
    public async Task<CreatedOrganization> Handle(CreateOrganization request, CancellationToken cancellationToken)
    {
        var organization = new Organization(PlainName.Clean(request.Name)!, clock.GetUtcNow());
        InvitedMember? invited = null;
        db.Organizations.Add(organization);
        await db.SaveChangesAsync(async token =>
        {
            scope.AllowNew(organization.Id);
            audit.Record(
                organization.Id, caller.Actor, AuditActions.OrganizationCreated, AuditTarget.Of(organization, organization.Name));
            await db.SaveChangesAsync(token);
            if (request.AdminEmail?.Trim() is { Length: > 0 } email)
                invited = await links.CreateAsync(organization.Id, email, OrganizationRoles.All, token);
        }, cancellationToken);
        if (invited is not null)
        {
            mail.Enqueue(Mail.Invitation(
                invited.Email, organization.Name, invitedBy: null, new Uri(invited.InviteUrl), invited.ExpiresAt));
        }

        return new CreatedOrganization(
            organization.Id, organization.Name, organization.State, Members: 0, Connections: 0, Messages30Days: 0, organization.CreatedAt,
            invited, invited?.InviteUrl);
    }
}
