using System.Buffers;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Files that run code when they are opened (web pages, scripts, programs), by their first bytes and their names.</summary>
internal static class RunnableFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".html", ".htm", ".xhtml", ".xht", ".shtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".xsl", ".xslt", ".swf",
        ".js", ".mjs", ".cjs", ".jse", ".vbs", ".vbe", ".wsf", ".wsh", ".hta", ".ps1", ".psm1", ".sh", ".bash", ".bat", ".cmd",
        ".py", ".php", ".exe", ".dll", ".com", ".scr", ".pif", ".msi", ".msix", ".appx", ".cpl", ".lnk", ".url", ".reg", ".inf",
        ".chm", ".jar", ".apk", ".app", ".dmg", ".pkg", ".deb", ".rpm", ".iso", ".img",
    };

    /// <summary>White space, byte-order marks, and the zero bytes of UTF-16.</summary>
    private static readonly SearchValues<byte> BlankBytes =
        SearchValues.Create([0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0x0C]);

    public static bool Include(ReadOnlySpan<byte> head, string? fileName) =>
        IsProgram(head) || IsMarkup(head) || Extensions.Contains(Path.GetExtension(fileName?.TrimEnd(' ', '.') ?? ""));

    private static bool IsProgram(ReadOnlySpan<byte> head) => head
        is [(byte)'M', (byte)'Z', ..]
        or [0x7F, (byte)'E', (byte)'L', (byte)'F', ..]
        or [0xFE, 0xED, 0xFA, 0xCE or 0xCF, ..] or [0xCE or 0xCF, 0xFA, 0xED, 0xFE, ..]   // Mach-O
        or [0xCA, 0xFE, 0xBA, 0xBE, ..]                                                   // Java, and Mach-O for several architectures
        or [(byte)'#', (byte)'!', (byte)'/' or (byte)' ', ..]
        or [(byte)'L', 0, 0, 0, 1, 0x14, 2, 0, ..];                                       // a Windows shortcut

    /// <summary>Begins with &lt; after a byte-order mark and white space, in UTF-8 or UTF-16, as browsers sniff HTML.</summary>
    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        var start = head.IndexOfAnyExcept(BlankBytes);
        return start >= 0 && head[start] is (byte)'<';
    }
}
