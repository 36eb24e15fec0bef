using FluentValidation;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>
/// The base of all pages. A post sends a request: it redirects when the request was accepted and shows the page again, with the reasons
/// in the model state, when it was refused.
/// </summary>
[AutoValidateAntiforgeryToken]
public abstract class BackOfficeController(IMediator mediator) : Controller
{
    protected IMediator Mediator => mediator;

    /// <summary>A script asks for the changed part of the page; a form that is sent without scripts gets the whole page.</summary>
    protected bool WantsPartial => Request.Headers.ContainsKey("X-Partial");

    /// <returns>Whether the request was accepted; if not, the reasons are in the model state.</returns>
    protected async Task<bool> TrySendAsync<T>(IRequest<T> request, CancellationToken cancellationToken) =>
        (await SendAsync(request, cancellationToken)).IsAccepted;

    /// <returns>The result; null when the request was refused, with the reasons in the model state.</returns>
    protected async Task<T?> TryAskAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
        where T : class =>
        (await SendAsync(request, cancellationToken)).Result;

    /// <summary>The reasons alone, for a script that has sent a form.</summary>
    protected PartialViewResult Problems()
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return PartialView("_Problems");
    }

    /// <summary>
    /// Where a sign-in leads. Neither an error page nor one of the account, such as the sign-out, is a place to go on. Our own addresses
    /// are percent-encoded, and a header with another character would be refused.
    /// </summary>
    protected string PlaceToReturnTo(string? returnUrl)
    {
        if (!Url.IsLocalUrl(returnUrl) || !returnUrl.All(char.IsAscii)) return "/";
        var path = new Uri(new Uri("http://localhost"), returnUrl.TrimStart('~')).AbsolutePath;
        return BeginsWith("/error") || BeginsWith("/account") ? "/" : returnUrl;

        bool BeginsWith(string place) => path.StartsWith(place, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(bool IsAccepted, T? Result)> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid) return default;

        try
        {
            return (true, await mediator.Send(request, cancellationToken));
        }
        catch (ValidationException exception)
        {
            foreach (var error in exception.Errors) ModelState.AddModelError(error.PropertyName, error.ErrorMessage);
        }
        catch (Exception exception) when (exception is DomainException or AccessDeniedException)
        {
            ModelState.AddModelError("", exception.Message);
        }
        catch (GraphException exception)
        {
            ModelState.AddModelError("", exception.Refusal.Title);
        }

        return default;
    }
}
