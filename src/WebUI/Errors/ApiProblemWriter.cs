using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace MetaMessaging.WebUI.Errors;

/// <summary>
/// Writes problems for API clients whatever they accept. The framework's own writer writes none when a client accepts HTML only, and the
/// client would get plain text or a page.
/// </summary>
internal sealed class ApiProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => !context.HttpContext.Request.WantsPage();

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var status = problem.Status ??= http.Response.StatusCode;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        problem.Detail ??= problem.Title;
        problem.Type ??= TypeOf(status);
        problem.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        ProblemCodes.Complete(problem);
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", http.RequestAborted);
    }

    /// <summary>The section of RFC 9110 that defines the status, as the framework names it.</summary>
    private static string TypeOf(int status) => status switch
    {
        422 => "https://tools.ietf.org/html/rfc9110#section-15.5.21",
        >= 400 and <= 417 => FormattableString.Invariant($"https://tools.ietf.org/html/rfc9110#section-15.5.{status - 399}"),
        >= 500 and <= 505 => FormattableString.Invariant($"https://tools.ietf.org/html/rfc9110#section-15.6.{status - 499}"),
        _ => "about:blank",
    };
}
