namespace MetaMessaging.WebUI.Errors;

/// <summary>Gives a stable code to the problems that the framework writes by itself.</summary>
internal static class ProblemCodes
{
    public static void Complete(ProblemDetails problem)
    {
        if (problem.Extensions.ContainsKey("code")) return;
        problem.Extensions["code"] = problem.Status switch
        {
            401 => "unauthenticated",
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            413 => "too_large",
            415 => "unsupported_media_type",
            429 => "too_many_requests",
            >= 500 => "internal_error",
            _ => "malformed_request",
        };
    }
}
