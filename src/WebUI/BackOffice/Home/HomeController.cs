using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[AllowAnonymous]
public sealed class HomeController(IMediator mediator) : BackOfficeController(mediator)
{
    private static readonly (string Policy, string Controller)[] FirstPages =
    [
        (Policies.Agent, "Inbox"), (Policies.Admin, "Integrations"), (Policies.Ops, "Webhooks"), (Policies.SystemAdmin, "Organizations"),
    ];

    [HttpGet("/")]
    public async Task<IActionResult> Index(CancellationToken cancellationToken)
    {
        if (User.Identity?.IsAuthenticated is true)
        {
            var (_, controller) = Array.Find(FirstPages, page => User.IsInRole(page.Policy));
            return controller is null
                ? RedirectToAction(nameof(AccountController.Denied), "Account")
                : RedirectToAction(nameof(Index), controller);
        }

        var isSetUp = await Mediator.Send(new IsSetUp(), cancellationToken);
        return RedirectToAction(isSetUp ? nameof(AccountController.SignIn) : nameof(AccountController.SetUp), "Account");
    }
}
