using MetaMessaging.Application.SystemConfiguration;
using Microsoft.AspNetCore.Authentication;

namespace MetaMessaging.WebUI.BackOffice;

[AllowAnonymous]
public sealed class OpenIdController(IMediator mediator) : BackOfficeController(mediator)
{
    /// <summary>A link, because the pages' policy lets no form lead to another site.</summary>
    [HttpGet(OpenIdSignIn.Path)]
    public async Task<IActionResult> SignIn(string? returnUrl, CancellationToken cancellationToken) =>
        await Mediator.Send(new GetOpenIdSettings(), cancellationToken) is null
            ? NotFound()
            : Challenge(new AuthenticationProperties { RedirectUri = PlaceToReturnTo(returnUrl) }, OpenIdSignIn.Scheme);
}
