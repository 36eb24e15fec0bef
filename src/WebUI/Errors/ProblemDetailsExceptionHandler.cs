using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Errors;

/// <summary>The only place that turns exceptions into problems, each with its stable code.</summary>
internal sealed partial class ProblemDetailsExceptionHandler(
    IProblemDetailsService problems, ILogger<ProblemDetailsExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var problem = Describe(exception);
        context.Response.StatusCode = problem.Status!.Value;
        if (RetryAfter(exception) is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (exception is UnavailableException && context.Features.Get<IExceptionHandlerFeature>() is { Path: var path })
            LogUnavailable(context.Request.Method, path, exception.GetBaseException().Message);
        if (context.Request.WantsPage()) return false;   // the error page shows the same problem

        return await problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    /// <summary>The error page of the back office shows the same problem.</summary>
    public static ProblemDetails Describe(Exception exception) => exception switch
    {
        ValidationException invalid => Validation(invalid),
        NotFoundException missing => Problem(404, missing.Code, "Not found", "It does not exist, or you have no access to it."),
        ConflictException conflict => Problem(409, conflict.Code, "Not possible right now", conflict.Message),
        GoneException gone => Problem(410, gone.Code, "No longer valid", gone.Message),
        DomainException refused => Problem(422, refused.Code, "Not possible", refused.Message),
        DbUpdateConcurrencyException => Problem(
            409, "changed_meanwhile", "Changed by someone else", "Somebody else changed this at the same time. Reload it and try again."),
        AccessDeniedException denied => Problem(403, denied.Code, "Refused", denied.Message),
        UnauthenticatedException unknown => Problem(401, "unauthenticated", "Not signed in", unknown.Message),
        TwoFactorRequiredException required => TwoFactorRequired(required),
        TooManyRequestsException limited => Problem(429, "too_many_requests", "Too many requests", limited.Message),
        UnavailableException unavailable => Problem(503, unavailable.Code, "Temporarily unavailable", unavailable.Message),
        MediaTooLargeException large => Problem(413, "too_large", "Too large", large.Message),
        MediaRefusedException refused => Problem(415, "unsupported_media_type", "File type not supported", refused.Message),
        GraphException graph => Problem(502, "meta_refused", "Meta refused", graph.Refusal.Title),
        BadHttpRequestException { StatusCode: 413 } => Problem(
            413, "too_large", "Too large", "The request body exceeds the maximum size."),
        BadHttpRequestException { StatusCode: 415 } => Problem(
            415, "unsupported_media_type", "Unsupported media type",
            "Send JSON as application/json in UTF-8, and files as multipart/form-data."),
        BadHttpRequestException request when ParameterName().Match(request.Message) is { Success: true } match =>
            UnreadableParameter(request.StatusCode, match.Groups["name"].Value),
        BadHttpRequestException { InnerException: JsonException json }
            when UnknownProperty().Match(json.Message) is { Success: true } match =>
            Validation(new ValidationException([new ValidationFailure(match.Groups["name"].Value, "This property does not exist.")])),
        BadHttpRequestException request => Problem(request.StatusCode, "malformed_request", "Malformed request", DetailOf(request)),
        _ => Problem(
            500, "internal_error", "Something went wrong",
            "An unexpected error occurred and was logged. The trace id identifies it in the log."),
    };

    /// <summary>Is not logged as an error. When the database cannot be used, one line for each request says enough.</summary>
    public static bool IsRefusal(Exception exception) => exception is UnavailableException || Describe(exception).Status < 500;

    private static TimeSpan? RetryAfter(Exception exception) => exception switch
    {
        TooManyRequestsException limited => limited.RetryAfter,
        UnavailableException unavailable => unavailable.RetryAfter,
        _ => null,
    };

    private static ProblemDetails Validation(ValidationException invalid)
    {
        var problem = Problem(400, "validation_failed", "The request is invalid", "One or more fields are invalid.");
        problem.Extensions["errors"] = invalid.Errors
            .GroupBy(e => CamelCase(e.PropertyName))
            .ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).Distinct().ToArray());
        return problem;
    }

    private static ProblemDetails TwoFactorRequired(TwoFactorRequiredException required)
    {
        var problem = Problem(401, "two_factor_required", "Second factor required", required.Message);
        problem.Extensions["twoFactorToken"] = required.Token;
        return problem;
    }

    private static ProblemDetails UnreadableParameter(int status, string parameter)
    {
        var problem = Problem(status, "malformed_request", "Malformed request", $"The value of {parameter} is missing or cannot be read.");
        problem.Extensions["errors"] = new Dictionary<string, string[]> { [parameter] = ["This value is missing or cannot be read."] };
        return problem;
    }

    /// <summary>The framework's message names the .NET type of a parameter that it cannot read; only the name is passed on.</summary>
    [GeneratedRegex("""^(?:Failed to bind|Required) parameter ".+ (?<name>\w+)" """)]
    private static partial Regex ParameterName();

    [GeneratedRegex("^The JSON property '(?<name>[^']+)' could not be mapped")]
    private static partial Regex UnknownProperty();

    private static string CamelCase(string property) =>
        string.Join('.', property.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>The position of a JSON error helps the sender; its message may name internal types, so it is left out.</summary>
    private static string DetailOf(BadHttpRequestException exception) =>
        exception.InnerException is JsonException json ? $"The JSON cannot be read at {json.Path ?? "$"}."
        : exception.Message.StartsWith("Implicit body", StringComparison.Ordinal) ? "A JSON body is required."
        : exception.Message;

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} is answered 503: {Reason}")]
    private partial void LogUnavailable(string method, string path, string reason);

    private static ProblemDetails Problem(int status, string code, string title, string detail) => new()
    {
        Status = status,
        Title = title,
        Detail = detail,
        Extensions = { ["code"] = code },
    };
}
