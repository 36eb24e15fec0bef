using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.SystemAdmin)]
public sealed class SystemConfigController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/admin/system-config")]
    public async Task<IActionResult> Index(bool saved, CancellationToken cancellationToken)
    {
        var config = await Mediator.Send(new GetSystemConfig(), cancellationToken);
        return await PageView(config, SystemConfigForm.Of(config), saved, cancellationToken);
    }

    [HttpPost("/admin/system-config")]
    public async Task<IActionResult> Index(SystemConfigForm form, CancellationToken cancellationToken)
    {
        if (await TrySendAsync(form.ToRequest(), cancellationToken)) return RedirectToAction(nameof(Index), new { saved = true });

        var config = await Mediator.Send(new GetSystemConfig(), cancellationToken);
        (form.HasAppSecret, form.HasOpenIdClientSecret) = (config.HasAppSecret, config.HasOpenIdClientSecret);
        return await PageView(config, form, saved: false, cancellationToken);
    }

    private async Task<IActionResult> PageView(
        SystemConfigModel config, SystemConfigForm form, bool saved, CancellationToken cancellationToken)
    {
        var organizations = await Mediator.Send(new ListMyOrganizations(), cancellationToken);
        (form.Organizations, form.OpenIdRedirectUrl) = (organizations.Items, config.OpenIdRedirectUrl.AbsoluteUri);
        return View(new SystemConfigViewModel(config, form, saved));
    }
}

public sealed record SystemConfigViewModel(SystemConfigModel Config, SystemConfigForm Form, bool Saved);
