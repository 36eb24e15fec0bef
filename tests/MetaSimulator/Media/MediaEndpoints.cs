using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>The CDN. Its addresses are signed; it takes no token.</summary>
internal static class MediaEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/media/profiles/{id}.png", (string id, HttpContext http, Platform platform) => ServeAsync(
            http, platform, () => new MediaFile(id, platform.Media.Portraits.Of(id), "image/png", $"{id}.png", false)));
        routes.MapGet(
            "/media/{id}/{name}",
            (string id, HttpContext http, Platform platform) => ServeAsync(http, platform, () => platform.Media.Find(id)));

        // For this simulator's own pages, which show portraits without asking for an address first.
        routes.MapGet(
            "/media/portraits/{id}.png", (string id, Platform platform) => Results.Bytes(platform.Media.Portraits.Of(id), "image/png"));
    }

    private static async Task<IResult> ServeAsync(HttpContext http, Platform platform, Func<MediaFile?> find)
    {
        if (platform.Faults.Take("media", "", null) is { } fault)
        {
            if (fault.DelayMs > 0) await Task.Delay(fault.DelayMs);
            if (fault.DropConnection) http.Abort();
            if (fault.HttpStatus is { } status) return Results.Text(fault.Body ?? fault.Message ?? "", statusCode: status);
        }

        var path = http.Request.Path.Value!.TrimStart('/');
        var raw = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        if (!platform.Media.IsValid(raw, http.Request.Query["oe"], http.Request.Query["oh"]))
        {
            return Results.Text("URL signature expired", statusCode: StatusCodes.Status403Forbidden);
        }

        if (find() is not { } file) return Results.Text("Content not found", statusCode: StatusCodes.Status404NotFound);

        http.Response.Headers.CacheControl = file.NoStore ? "no-store" : "max-age=1209600, no-transform";
        http.Response.Headers["X-Content-Type-Options"] = "nosniff";
        return Results.Bytes(file.Content, file.ContentType, enableRangeProcessing: true);
    }
}
