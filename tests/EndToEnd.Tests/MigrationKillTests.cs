using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>What becomes of a start that does not get through the migrations.</summary>
public sealed class MigrationKillTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metamessaging-migrations-");

    private string DatabaseFile => Path.Combine(folder.FullName, "app.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_process_killed_while_it_migrates_starts_again_and_finishes()
    {
        foreach (var command in new[] { 1, 5, 20, 80 })
        {
            foreach (var file in folder.GetFiles("app.db*")) file.Delete();
            using var killed = Start(command);
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(137, killed.ExitCode);   // SIGKILL
            Assert.True(File.Exists(DatabaseFile));

            await StartsAsync();

            Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM core_conf"));
            Assert.Equal("ok", await ScalarAsync("PRAGMA integrity_check"));
        }
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused_with_one_line()
    {
        await ScalarAsync("CREATE TABLE __EFMigrationsHistory (migration_id TEXT PRIMARY KEY, product_version TEXT NOT NULL)");
        await ScalarAsync("INSERT INTO __EFMigrationsHistory VALUES ('20261123004508_Core', '10.0.14')");

        using var refused = Start();
        var output = refused.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await refused.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await refused.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("", await output);
        Assert.Equal(
            $"The database {DatabaseFile} was made by another version of MetaMessaging: "
            + "its migration 20261123004508_Core is unknown to this one. Start the version that made it, or name another database.",
            error.TrimEnd());
    }

    private async Task StartsAsync()
    {
        using var app = Start();
        try
        {
            string? line;
            do line = await app.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.Contains("Now listening on", StringComparison.Ordinal));
            if (line is null) Assert.Fail(await app.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(int? killAtCommand = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder.FullName,
            ArgumentList =
            {
                AppProcess.AppDll,
                "--contentRoot", AppProcess.WebUI,
                "--urls", "http://127.0.0.1:0",
                $"--ConnectionStrings:Database=Data Source={DatabaseFile}",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (killAtCommand is { } command)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment[StartupHook.KillAtCommand] = command.ToString(CultureInfo.InvariantCulture);
        }

        return Process.Start(start)!;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
