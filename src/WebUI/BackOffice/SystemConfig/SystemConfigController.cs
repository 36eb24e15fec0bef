using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class SystemConfigController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/system-config")]
    public async Task<IActionResult> Index(bool saved, CancellationToken cancellationToken)
    {
        var config = await Mediator.Send(new GetSystemConfig(), cancellationToken);
        return View(new SystemConfigViewModel(config, SystemConfigForm.Of(config), saved));
    }

    [HttpPost("/admin/system-config")]
    public async Task<IActionResult> Index(SystemConfigForm form, CancellationToken cancellationToken)
    {
        if (await TrySendAsync(form.ToRequest(), cancellationToken)) return RedirectToAction(nameof(Index), new { saved = true });

        var config = await Mediator.Send(new GetSystemConfig(), cancellationToken);
        form.HasAppSecret = config.HasAppSecret;
        return View(new SystemConfigViewModel(config, form, Saved: false));
    }
}

public sealed record SystemConfigViewModel(SystemConfigModel Config, SystemConfigForm Form, bool Saved);
