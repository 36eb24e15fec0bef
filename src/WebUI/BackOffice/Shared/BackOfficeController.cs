using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>What every page does alike: it sends a request, and says beside the form why that was refused.</summary>
[AutoValidateAntiforgeryToken]
public abstract class BackOfficeController(IMediator mediator) : Controller
{
    protected IMediator Mediator => mediator;

    /// <summary>A script asks for the changed piece of the page, a browser without scripts for the page.</summary>
    protected bool WantsPartial => Request.Headers.ContainsKey("X-Partial");

    /// <returns>False when the request was refused; the reasons are in the model state then.</returns>
    protected async Task<bool> TrySendAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
    {
        if (!ModelState.IsValid) return false;

        try
        {
            await mediator.Send(request, cancellationToken);
            return true;
        }
        catch (Exception exception) when (NoteRefusal(exception))
        {
            return false;
        }
    }

    /// <returns>Null when the request was refused; the reasons are in the model state then.</returns>
    protected async Task<T?> TryAskAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
        where T : class
    {
        if (!ModelState.IsValid) return null;

        try
        {
            return await mediator.Send(request, cancellationToken);
        }
        catch (Exception exception) when (NoteRefusal(exception))
        {
            return null;
        }
    }

    /// <summary>The reasons alone, for the script that sent the form.</summary>
    protected PartialViewResult Problems()
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return PartialView("_Problems");
    }

    private bool NoteRefusal(Exception exception)
    {
        switch (exception)
        {
            case ValidationException invalid:
                foreach (var error in invalid.Errors) ModelState.AddModelError(error.PropertyName, error.ErrorMessage);
                return true;
            case DomainException refused:
                ModelState.AddModelError("", refused.Message);
                return true;
            case GraphException refused:
                ModelState.AddModelError("", refused.Refusal.Title);
                return true;
            default:
                return false;
        }
    }
}
