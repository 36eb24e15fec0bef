using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaMessaging.ArchitectureTests;

public sealed partial class CommittedFilesTests
{
    [Fact]
    public void Every_vendored_file_is_in_the_manifest_with_its_licence()
    {
        var lib = Source.PathOf("src", "WebUI", "wwwroot", "lib");
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(lib, "versions.json")));
        var libraries = manifest.RootElement.EnumerateArray().ToList();
        var named = libraries.SelectMany(library => library.GetProperty("files").EnumerateArray()).Select(file => file.GetString()!);
        var present = Directory.EnumerateFiles(lib, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(lib, file).Replace('\\', '/'))
            .Where(file => file != "versions.json");

        Assert.Equal(present.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.All(libraries, library => Assert.Contains(
            library.GetProperty("files").EnumerateArray(), file => file.GetString()!.Contains("/LICENSE", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_icon_that_a_view_or_script_asks_for_is_in_the_sprite()
    {
        var sprite = File.ReadAllText(Source.PathOf("src", "WebUI", "wwwroot", "lib", "tabler-icons", "sprite.svg"));

        Rule.Holds(
            "Add the icon to build/vendor.cs and run it:",
            Source.Files("src/WebUI", ".cshtml", ".cs", ".js")
                .SelectMany(
                    file => file.Lines.SelectMany(line => IconUse().Matches(line)).Select(use => (file.Path, Icon: use.Groups[1].Value)))
                .Where(use => !sprite.Contains($"<symbol id=\"{use.Icon}\"", StringComparison.Ordinal))
                .Select(use => $"{use.Path}: {use.Icon}"));
    }

    [Fact]
    public void Both_providers_have_the_same_migrations()
    {
        var sqlite = Migrations("Sqlite");
        var sqlServer = Migrations("SqlServer");

        Assert.Equal(sqlite, sqlServer);
    }

    private static List<string> Migrations(string provider) =>
        [.. Source.Files($"src/Infrastructure/Persistence/Migrations/{provider}", ".cs")
            .Select(file => MigrationName().Match(file.Name))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"(?:sprite\.svg#|<icon name="")([a-z0-9-]+)")]
    private static partial Regex IconUse();

    [GeneratedRegex(@"^\d{14}_(\w+)\.cs$")]
    private static partial Regex MigrationName();
}
