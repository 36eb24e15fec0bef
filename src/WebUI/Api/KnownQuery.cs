using System.Reflection;
using FluentValidation;
using FluentValidation.Results;

namespace MetaMessaging.WebUI.Api;

/// <summary>
/// Refuses query parameters of the API that no handler reads or that are given twice, so that a typo is not silently lost. Meta's
/// callback and webhook are left alone: Meta may add parameters at any time.
/// </summary>
internal static class KnownQuery
{
    public static EndpointFilterDelegate Require(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        var names = endpoint.MethodInfo.GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!)
            .ToList();
        var known = names.ToHashSet(StringComparer.OrdinalIgnoreCase);

        return context =>
        {
            var request = context.HttpContext.Request;
            if (context.HttpContext.Response.StatusCode is StatusCodes.Status400BadRequest) ThrowUnreadable(context, names);
            if (!request.Path.StartsWithSegments("/api")) return next(context);

            List<ValidationFailure> failures = [];
            foreach (var (name, values) in request.Query)
            {
                if (!known.Contains(name) || request.RouteValues.ContainsKey(name))
                    failures.Add(new ValidationFailure(name, "This parameter does not exist."));
                else if (values.Count > 1)
                    failures.Add(new ValidationFailure(name, "This parameter may be given only once."));
            }

            return failures.Count == 0 ? next(context) : throw new ValidationException(failures);
        };
    }

    /// <summary>Generated routes answer an optional value that cannot be read with 400 and without a reason.</summary>
    /// <exception cref="BadHttpRequestException">Names the parameter, as for a value that is not optional.</exception>
    private static void ThrowUnreadable(EndpointFilterInvocationContext context, List<string> names)
    {
        var query = context.HttpContext.Request.Query;
        for (var i = 0; i < names.Count; i++)
        {
            if (context.Arguments[i] is null && query[names[i]] is [{ Length: > 0 } value, ..])
                throw new BadHttpRequestException($"Failed to bind parameter \"value {names[i]}\" from \"{value}\".");
        }
    }
}
