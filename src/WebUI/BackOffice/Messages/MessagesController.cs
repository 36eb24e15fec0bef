using MetaMessaging.Application.Operations;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Ops)]
public sealed class MessagesController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/ops/messages/{id:long}")]
    public async Task<IActionResult> Details(long id, CancellationToken cancellationToken) =>
        View(await Mediator.Send(new TraceMessage(id), cancellationToken));
}
