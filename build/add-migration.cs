// Adds a migration for both providers: `dotnet run build/add-migration.cs AddSomething`.
// It always makes both, because a migration that one provider lacks is found only by those who use that provider.

using System.Diagnostics;
using System.Text.RegularExpressions;

if (args is not [var name] || !Regex.IsMatch(name, "^[A-Z][A-Za-z0-9]+$"))
{
    Console.Error.WriteLine("usage: dotnet run build/add-migration.cs NameInPascalCase");
    return 2;
}

var root = Path.GetFullPath(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, ".."));
var project = Path.Combine("src", "Infrastructure");
string[] providers = ["Sqlite", "SqlServer"];

foreach (var provider in providers)
{
    var folder = Path.Combine(root, project, "Persistence", "Migrations", provider);
    if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"*_{name}.cs").Any())
    {
        Console.Error.WriteLine($"A migration called {name} exists for {provider} already.");
        return 2;
    }
}

if (!Run("tool", "restore") || !Run("build", project)) return 1;

var before = MigrationFiles();
foreach (var provider in providers)
{
    var added = Run(
        "ef", "migrations", "add", name, "--no-build", "--project", project,
        "--context", $"{provider}AppDbContext", "--output-dir", Path.Combine("Persistence", "Migrations", provider));
    if (added) continue;

    foreach (var file in MigrationFiles().Except(before)) File.Delete(file);
    Console.Error.WriteLine("Nothing was added. The other provider's model snapshot may have changed: git shows it.");
    return 1;
}

foreach (var file in MigrationFiles().Except(before)) Console.WriteLine(Path.GetRelativePath(root, file));
return 0;

HashSet<string> MigrationFiles()
{
    var folder = Path.Combine(root, project, "Persistence", "Migrations");
    return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)] : [];
}

bool Run(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root })!;
    process.WaitForExit();
    return process.ExitCode == 0;
}
