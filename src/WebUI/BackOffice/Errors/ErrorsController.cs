using System.Diagnostics;
using MetaMessaging.WebUI.Errors;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>Shows errors as pages. The pipeline runs a failed request again at these addresses, with its own method.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken(Order = 2000)]   // after the base's attribute, which would refuse the error page of a refused form
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ErrorsController(IMediator mediator) : BackOfficeController(mediator)
{
    [Route("/error")]
    public IActionResult ShowException() =>
        HttpContext.Features.Get<IExceptionHandlerFeature>() is { Error: var exception }
            ? ErrorView(ProblemDetailsExceptionHandler.Describe(exception))
            : ErrorView(Describe(StatusCodes.Status404NotFound));

    [Route("/error/{status:int:range(400,599)}")]
    public IActionResult ShowStatus(int status) => ErrorView(Describe(status));

    private static ProblemDetails Describe(int status) => status switch
    {
        400 => Problem(
            status, "This did not work",
            "The page was open for too long, or the form came from somewhere else. Go back, reload and try again."),
        403 => Problem(status, "Not allowed", "Your role does not include this."),
        404 => Problem(status, "Page not found", "There is no such page, or what it showed is gone."),
        _ => Problem(status, ReasonPhrases.GetReasonPhrase(status), "The request could not be answered."),
    };

    private static ProblemDetails Problem(int status, string title, string detail) =>
        new() { Status = status, Title = title, Detail = detail };

    private ViewResult ErrorView(ProblemDetails problem)
    {
        var traceId = Activity.Current?.Id ?? HttpContext.TraceIdentifier;
        Response.StatusCode = problem.Status!.Value;
        return View("Error", new ErrorViewModel(Response.StatusCode, problem.Title!, problem.Detail!, traceId));
    }
}

public sealed record ErrorViewModel(int Status, string Title, string Detail, string TraceId);
