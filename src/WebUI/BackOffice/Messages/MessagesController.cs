using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Ops)]
public sealed class MessagesController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/ops/messages/{id:long}")]
    public async Task<IActionResult> Details(long id, CancellationToken cancellationToken) =>
        View(await Mediator.Send(new TraceMessage(id), cancellationToken));
}
