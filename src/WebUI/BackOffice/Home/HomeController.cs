using MediatR;
using MetaMessaging.Application.People;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[AllowAnonymous]
public sealed class HomeController(IMediator mediator) : BackOfficeController(mediator)
{
    private static readonly (string Policy, string Path)[] FirstPages =
    [
        (Policies.Agent, "/inbox"),
        (Policies.Admin, "/settings/integrations"),
        (Policies.Ops, "/ops/webhooks"),
        (Policies.SystemAdmin, "/admin/system-config"),
    ];

    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken)
    {
        if (User.Identity?.IsAuthenticated is true)
            return Redirect(FirstPages.Where(page => User.IsInRole(page.Policy)).Select(page => page.Path).FirstOrDefault("/account/denied"));

        return Redirect(await Mediator.Send(new IsSetUp(), cancellationToken) ? "/account/login" : "/setup");
    }
}
