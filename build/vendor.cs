// Re-creates src/WebUI/wwwroot/lib from npm: `dotnet run build/vendor.cs`.
// Needs npm. Nothing else in the product does, because the files that this writes are committed.
// To update a library, change its version here, run this, check the pages, and commit both.

using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

const string Mit = """
    Permission is hereby granted, free of charge, to any person obtaining a copy
    of this software and associated documentation files (the "Software"), to deal
    in the Software without restriction, including without limitation the rights
    to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
    copies of the Software, and to permit persons to whom the Software is
    furnished to do so, subject to the following conditions:

    The above copyright notice and this permission notice shall be included in all
    copies or substantial portions of the Software.

    THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
    IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
    FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
    AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
    LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
    OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
    SOFTWARE.

    """;

string[] icons = """
    activity alert-circle alert-triangle api arrow-back-up arrow-left arrow-right arrows-join at bell bolt brand-facebook
    brand-instagram brand-messenger calendar chart-bar check checks chevron-down chevron-right circle-check clock copy download edit
    external-link eye eye-off file filter hand-click history inbox info-circle key link list lock logout map-pin message message-bolt
    messages microphone mood-plus mood-smile moon paperclip photo plug-connected plug-connected-x plus refresh robot search send server
    settings shield-lock sticker sun sun-moon tag trash upload user user-check user-circle user-plus users video webhook x zzz
    """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

Library[] libraries =
[
    new("@tabler/core", "1.6.1", "MIT", "tabler")
    {
        Files = { ["dist/css/tabler.min.css"] = "tabler.min.css" },
        // The package contains no licence file; this is the notice at the head of its files.
        Written =
        {
            ["LICENSE"] = "MIT License\n\nCopyright (c) 2018-2026 The Tabler Authors\n" +
                "Copyright (c) 2018-2026 codecalm.net Paweł Kuna\n\n" + Mit,
        },
    },
    new("@tabler/icons", "3.51.0", "MIT", "tabler-icons")
    {
        Files = { ["LICENSE"] = "LICENSE" },
        Icons = icons,
    },
    new("chart.js", "4.6.1", "MIT", "chart.js")
    {
        // The other module build needs a bundler to find @kurkle/color, which this one contains.
        Files = { ["dist/chart.umd.min.js"] = "chart.umd.min.js", ["LICENSE.md"] = "LICENSE.md" },
        Written = { ["chart.js"] = "import './chart.umd.min.js';\n\nexport const { Chart } = globalThis;\nexport default Chart;\n" },
    },
    new("@microsoft/signalr", "10.0.11", "MIT", "signalr")
    {
        Files = { ["dist/browser/signalr.min.js"] = "signalr.min.js" },
        Written =
        {
            ["signalr.js"] = "import './signalr.min.js';\n\n" +
                "export const { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel } = globalThis.signalR;\n" +
                "export default globalThis.signalR;\n",
            ["LICENSE"] = "The MIT License (MIT)\n\nCopyright (c) .NET Foundation and Contributors\n\nAll rights reserved.\n\n" + Mit,
        },
    },
    new("aspnet-client-validation", "0.11.1", "MIT", "aspnet-client-validation")
    {
        Files = { ["dist/aspnet-validation.min.js"] = "aspnet-validation.min.js", ["LICENSE"] = "LICENSE" },
        Written =
        {
            ["aspnet-validation.js"] = "import './aspnet-validation.min.js';\n\n" +
                "export const { ValidationService } = globalThis.aspnetValidation;\n",
        },
    },
    new("idiomorph", "0.8.0", "0BSD", "idiomorph")
    {
        Files = { ["dist/idiomorph.esm.js"] = "idiomorph.js", ["LICENSE"] = "LICENSE" },
    },
    // Names, groups and skin tones of all emoji. Its picker writes styles into the page, which the content policy forbids; ours is
    // js/emoji.js.
    new("emoji-picker-element-data", "1.8.0", "Apache-2.0", "emoji-data")
    {
        Files = { ["en/cldr/data.json"] = "emoji.json", ["LICENSE"] = "LICENSE" },
    },
];

var root = Path.GetFullPath(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, ".."));
var lib = Path.Combine(root, "src", "WebUI", "wwwroot", "lib");
var downloads = Directory.CreateTempSubdirectory("vendor-");

try
{
    if (Directory.Exists(lib)) Directory.Delete(lib, recursive: true);

    foreach (var library in libraries)
    {
        var package = await PackAsync(library);
        var folder = Directory.CreateDirectory(Path.Combine(lib, library.Folder)).FullName;

        foreach (var (from, to) in library.Files) await WriteAsync(Path.Combine(folder, to), WithoutSourceMap(package[from]));
        foreach (var (to, text) in library.Written) await WriteAsync(Path.Combine(folder, to), text);
        if (library.Icons.Length > 0) await WriteAsync(Path.Combine(folder, "sprite.svg"), Sprite(library, package));

        Console.WriteLine($"{library.Name} {library.Version}: {string.Join(", ", library.Outputs)}");
    }

    var manifest = libraries.Select(l => new
    {
        name = l.Name,
        version = l.Version,
        licence = l.Licence,
        files = l.Outputs.Select(f => $"{l.Folder}/{f}").Order(StringComparer.Ordinal),
        icons = l.Icons.Length > 0 ? l.Icons : null,
    });
    var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
    await WriteAsync(Path.Combine(lib, "versions.json"), JsonSerializer.Serialize(manifest, options) + "\n");
}
finally
{
    downloads.Delete(recursive: true);
}

async Task<Dictionary<string, string>> PackAsync(Library library)
{
    var npm = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
    foreach (var argument in new[] { "pack", $"{library.Name}@{library.Version}", "--silent", "--pack-destination", downloads.FullName })
    {
        npm.ArgumentList.Add(argument);
    }

    using var process = Process.Start(npm)!;
    var errors = process.StandardError.ReadToEndAsync();
    var name = (await process.StandardOutput.ReadToEndAsync()).Trim();
    await process.WaitForExitAsync();
    if (process.ExitCode != 0) throw new InvalidOperationException($"npm pack {library.Name}@{library.Version}: {await errors}");

    var files = new Dictionary<string, string>(StringComparer.Ordinal);
    await using var stream = File.OpenRead(Path.Combine(downloads.FullName, name));
    await using var archive = new GZipStream(stream, CompressionMode.Decompress);
    await using var tar = new TarReader(archive);
    while (await tar.GetNextEntryAsync() is { } entry)
    {
        if (entry.DataStream is null) continue;
        var path = entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];   // "package/…"
        if (!library.Wants(path)) continue;
        using var reader = new StreamReader(entry.DataStream, Encoding.UTF8);
        files[path] = await reader.ReadToEndAsync();
    }

    return files;
}

static string WithoutSourceMap(string text) =>
    Regex.Replace(text, @"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "\n");

// The symbols have no stroke width, so that each page can set it: <svg class="icon"><use href="/lib/tabler-icons/sprite.svg#inbox" /></svg>
static string Sprite(Library library, Dictionary<string, string> package)
{
    var sprite = new StringBuilder(
        $"<!-- {library.Name} {library.Version}, {library.Licence} -->\n<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    foreach (var icon in library.Icons)
    {
        var svg = package[Library.IconPath(icon)];
        var shapes = Regex.Match(svg, @"<svg[^>]*>(.*)</svg>", RegexOptions.Singleline).Groups[1].Value;
        var lines = shapes.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("M0 0h24v24H0z", StringComparison.Ordinal));   // an invisible frame in every icon
        sprite.Append(CultureInfo.InvariantCulture, $"""<symbol id="{icon}" viewBox="0 0 24 24" fill="none" stroke="currentColor" """)
            .Append("""stroke-linecap="round" stroke-linejoin="round">""")
            .AppendJoin(null, lines)
            .Append("</symbol>\n");
    }

    return sprite.Append("</svg>\n").ToString();
}

static Task WriteAsync(string path, string text) => File.WriteAllTextAsync(path, text.ReplaceLineEndings("\n"));

internal sealed record Library(string Name, string Version, string Licence, string Folder)
{
    /// <summary>Files of the package: their path in it, and their name in our folder.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Files that the package does not contain: their name and their content.</summary>
    public Dictionary<string, string> Written { get; } = [];

    public string[] Icons { get; init; } = [];

    public IEnumerable<string> Outputs => [.. Files.Values, .. Written.Keys, .. Icons.Length > 0 ? ["sprite.svg"] : Array.Empty<string>()];

    public bool Wants(string path) => Files.ContainsKey(path) || Icons.Any(icon => path == IconPath(icon));

    public static string IconPath(string icon) => $"icons/outline/{icon}.svg";
}
