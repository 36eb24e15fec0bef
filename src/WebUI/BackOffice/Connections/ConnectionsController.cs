using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class ConnectionsController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/connections")]
    public async Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) =>
        View(await Mediator.Send(new ListEveryConnection(Cursor: cursor), cancellationToken));
}
