using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The session's organization: chosen in the account menu, and left by a system administrator who visits one.</summary>
[Authorize(Policy = Policies.Member)]
public sealed class OrganizationSwitchController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpPost("/account/organization")]
    public async Task<IActionResult> Enter(long organizationId, CancellationToken cancellationToken)
    {
        await Mediator.Send(new SwitchOrganization(organizationId, User.Session().SessionId), cancellationToken);
        return LocalRedirect("/");
    }

    [HttpPost("/account/organization/leave")]
    public async Task<IActionResult> Leave(CancellationToken cancellationToken)
    {
        await Mediator.Send(new LeaveOrganization(User.Session().SessionId), cancellationToken);
        return LocalRedirect("/admin/organizations");
    }
}
