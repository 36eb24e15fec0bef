using System.Text.RegularExpressions;

namespace MetaMessaging.ArchitectureTests;

/// <summary>The repository's files as text, for the rules that a compiled assembly no longer shows.</summary>
internal static class Source
{
    private static readonly string Root = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Files below a folder of the repository; none when the folder does not exist.</summary>
    public static IEnumerable<SourceFile> Files(string folder, params string[] extensions)
    {
        var path = PathOf(folder.Split('/'));
        if (!Directory.Exists(path)) return [];

        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file).Replace('\\', '/')))
            .Where(file => !file.IsBuiltOrVendored)
            .OrderBy(file => file.Path, StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MetaMessaging.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"MetaMessaging.sln is not above {AppContext.BaseDirectory}.");
    }
}

/// <param name="Path">Relative to the repository, with forward slashes.</param>
internal sealed partial record SourceFile(string Path)
{
    private readonly Lazy<string[]> lines = new(() => File.ReadAllLines(Source.PathOf(Path.Split('/'))));

    public string[] Lines => lines.Value;

    public string Text => string.Join('\n', Lines);

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsBuiltOrVendored => BuiltOrVendored().IsMatch(Path);

    /// <summary>Where code, not a comment, matches.</summary>
    public IEnumerable<(string Place, int Line)> Matches(Regex pattern) => Lines
        .Select((line, index) => (Code: Comment().Replace(line, ""), Index: index))
        .Where(line => pattern.IsMatch(line.Code))
        .Select(line => ($"{Path}:{line.Index + 1}", line.Index));

    /// <summary>Whether a comment ends right above the statement that a line belongs to.</summary>
    public bool IsExplained(int line)
    {
        while (line > 0 && !EndsStatement(Lines[line - 1])) line--;
        return line > 0 && Lines[line - 1].TrimStart().StartsWith("//", StringComparison.Ordinal);
    }

    private static bool EndsStatement(string line)
    {
        var code = line.Trim();
        return code.Length == 0 || code.StartsWith("//", StringComparison.Ordinal) || code[^1] is ';' or '{' or '}';
    }

    [GeneratedRegex(@"(^|/)(bin|obj|lib|node_modules|generated)/")]
    private static partial Regex BuiltOrVendored();

    [GeneratedRegex(@"(?<!:)//.*$")]
    private static partial Regex Comment();
}
