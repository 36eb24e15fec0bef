using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Ops)]
public sealed class SendingController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/ops/sending")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken) =>
        View(await Mediator.Send(new GetSending(), cancellationToken));

    [HttpGet("/ops/sending/figures")]
    public async Task<IActionResult> Figures(CancellationToken cancellationToken) =>
        PartialView("_Figures", await Mediator.Send(new GetSending(), cancellationToken));
}
