using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.StaticFiles;

namespace MetaMessaging.MetaSimulator.Phone;

/// <summary>Serves the pages, styles, scripts and samples, which are embedded in the assembly.</summary>
internal static class SiteFiles
{
    private static readonly Assembly Assembly = typeof(SiteFiles).Assembly;
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private static readonly ConcurrentDictionary<string, byte[]?> Contents = new(StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Serve("index.html"));
        routes.MapGet("/phone", () => Serve("phone.html"));
        routes.MapGet("/{folder:regex(^(css|js|samples)$)}/{name}", (string folder, string name) => Serve($"{folder}/{name}"));
    }

    public static byte[]? Read(string path) => Contents.GetOrAdd(path, static key =>
    {
        using var resource = Assembly.GetManifestResourceStream($"site/{key}");
        if (resource is null) return null;

        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    });

    private static IResult Serve(string path)
    {
        if (Read(path) is not { } content) return Results.NotFound();
        return Results.Bytes(content, ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream");
    }
}
