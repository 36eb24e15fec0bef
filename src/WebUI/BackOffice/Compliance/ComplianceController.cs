using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class ComplianceController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/compliance")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken) =>
        View(await Mediator.Send(new GetCompliance(), cancellationToken));
}
