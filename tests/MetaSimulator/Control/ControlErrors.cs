using System.Text.Json;
using MetaMessaging.MetaSimulator.Graph;

namespace MetaMessaging.MetaSimulator.Control;

internal sealed class ControlException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public int Status => status;

    public static ControlException NotFound(string what) => new($"There is no {what}.", StatusCodes.Status404NotFound);
}

/// <summary>Turns exceptions into the error answers of the control API; Graph calls have their own envelope.</summary>
internal sealed class ControlErrors(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted
            && exception is ControlException or GraphException or BadHttpRequestException or JsonException)
        {
            http.Response.StatusCode = exception is ControlException refused ? refused.Status : StatusCodes.Status400BadRequest;
            await http.Response.WriteAsJsonAsync(new { error = exception.InnerException?.Message ?? exception.Message });
        }
    }
}
