using Microsoft.AspNetCore.Mvc.Filters;

namespace MetaMessaging.WebUI.Errors;

/// <summary>
/// Refuses a form that cannot be read (no boundary, too many fields, cut off) before anything looks into it. Otherwise the antiforgery
/// check of a page fails with a 500, and model binding leaves even the route's values unread, so that the error page has no status.
/// </summary>
internal sealed class ReadableForm : IAsyncAuthorizationFilter, IOrderedFilter
{
    public int Order => int.MinValue;   // before the antiforgery check

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (request.HasFormContentType) await ReadAsync(request, context.HttpContext.RequestAborted);
    }

    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            request.Form = FormCollection.Empty;   // the error page is run with the same request
            var status = exception is BadHttpRequestException { StatusCode: var known } ? known : StatusCodes.Status400BadRequest;
            throw new BadHttpRequestException("The form cannot be read.", status, exception);
        }
    }
}
