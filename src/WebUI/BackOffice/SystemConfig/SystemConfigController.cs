using MediatR;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class SystemConfigController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/system-config")]
    public async Task<IActionResult> Index(bool saved, CancellationToken cancellationToken)
    {
        var config = await Mediator.Send(new GetSystemConfig(), cancellationToken);
        return View(new SystemConfigViewModel(config, new UpdateSystemConfig(config.MetaMessagingAppId, null, config.MetaMessagingVerifyToken), saved));
    }

    [HttpPost("/admin/system-config")]
    public async Task<IActionResult> Index(UpdateSystemConfig request, CancellationToken cancellationToken) =>
        await TrySendAsync(request, cancellationToken)
            ? Redirect("/admin/system-config?saved=true")
            : View(new SystemConfigViewModel(await Mediator.Send(new GetSystemConfig(), cancellationToken), request, false));
}

public sealed record SystemConfigViewModel(SystemConfigModel Config, UpdateSystemConfig Form, bool Saved);
