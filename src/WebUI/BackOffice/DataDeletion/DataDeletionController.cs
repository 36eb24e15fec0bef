using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The page that Meta shows to a person who has asked for the deletion of data.</summary>
[AllowAnonymous]
public sealed class DataDeletionController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/integrations/meta-messaging/data-deletion/{code}")]
    public async Task<IActionResult> Index(string code, CancellationToken cancellationToken) =>
        View(await Mediator.Send(new GetDataDeletion(code), cancellationToken));
}
