using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class OrganizationSettingsController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/organization")]
    public async Task<IActionResult> Index(bool saved, CancellationToken cancellationToken)
    {
        var settings = await Mediator.Send(new GetOrganizationSettings(), cancellationToken);
        var form = new OrganizationSettingsForm { TimeZone = settings.TimeZone, Language = settings.Language };
        return View(new OrganizationSettingsViewModel(settings.Name, form, saved));
    }

    [HttpPost("/settings/organization")]
    public async Task<IActionResult> Save(OrganizationSettingsForm form, CancellationToken cancellationToken)
    {
        if (await TrySendAsync(new UpdateOrganizationSettings(form.TimeZone, form.Language), cancellationToken))
            return RedirectToAction(nameof(Index), new { saved = true });
        var settings = await Mediator.Send(new GetOrganizationSettings(), cancellationToken);
        return View(nameof(Index), new OrganizationSettingsViewModel(settings.Name, form, IsSaved: false));
    }
}
