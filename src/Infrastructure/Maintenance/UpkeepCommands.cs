using Hangfire;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.AspNetCore.Builder;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>
/// Commands for the upkeep of an installation, in place of the start; settings may follow: "backup monday --Storage:Path=media". They run
/// without the workers and without an address, so that all but a restore can run beside the app.
/// </summary>
public static class UpkeepCommands
{
    private const string Usage =
        "Commands: backup <new folder>, restore <folder of a backup>, migrate, check, health, rebuild rollups. "
        + "Without one, the app starts.";

    /// <summary>A command's answer is its own lines; the log adds what is wrong.</summary>
    private const string QuietLog = "--Serilog:MinimumLevel:Default=Warning";

    /// <summary>What is wrong is the answer.</summary>
    private const string SilentLog = "--Serilog:MinimumLevel:Default=Fatal";

    /// <param name="build">Builds the app with these settings.</param>
    /// <returns>The exit code; null when the arguments are settings only, so that the app starts.</returns>
    /// <exception cref="UpkeepException">The command is unknown, or cannot be carried out.</exception>
    public static async Task<int?> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        try
        {
            return await FindAndRunAsync(args, settings => build(Checked(settings)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UpkeepException(exception.Message, exception);
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            throw new UpkeepException($"{reason} ({exception.GetBaseException().Message})", exception);
        }
    }

    private static async Task<int?> FindAndRunAsync(string[] args, Func<string[], WebApplication> build)
    {
        switch (args)
        {
            case [] or [['-' or '/', ..], ..]:
            case [var first, ..] when first.Contains('='):
                return null;
            case ["backup", [not '-', ..] folder, .. var settings]:
                return await BackUpAsync(folder, () => build([QuietLog, .. settings]));
            case ["restore", [not '-', ..] folder, .. var settings]:
                return await RestoreAsync(folder, staged => build([QuietLog, .. settings, .. staged]));
            case ["migrate", .. var settings]:
                return await MigrateAsync(() => build([QuietLog, .. settings]));
            case ["check", .. var settings]:
                return await CheckAsync(() => build([SilentLog, .. settings]));
            case ["rebuild", "rollups", .. var settings]:
                return await RebuildRollupsAsync(() => build([QuietLog, .. settings]));
            case ["backup" or "restore", ..]:
                throw new UpkeepException($"'{args[0]}' needs a folder. {Usage}");
            default:
                throw new UpkeepException($"'{string.Join(' ', args.TakeWhile(word => !word.StartsWith('-')))}' is no command. {Usage}");
        }
    }

    /// <summary>A path with a blank and without quotation marks is two words, and must not become another path.</summary>
    private static string[] Checked(string[] settings)
    {
        for (var index = 0; index < settings.Length; index++)
        {
            var isValue = index > 0 && settings[index - 1] is ['-' or '/', ..] && !settings[index - 1].Contains('=');
            if (settings[index] is not ['-' or '/', ..] && !settings[index].Contains('=') && !isValue)
                throw new UpkeepException($"'{settings[index]}' is not expected. {Usage}");
        }

        return settings;
    }

    private static async Task<int> BackUpAsync(string folder, Func<WebApplication> build)
    {
        await using var app = build();
        Console.WriteLine(await app.Services.BackUpAsync(folder, CancellationToken.None));
        return 0;
    }

    private static async Task<int> RestoreAsync(string folder, Func<IEnumerable<string>, WebApplication> build)
    {
        Restore restore;
        await using (var app = build([])) restore = await Restore.CopyAsync(app.Services, folder, CancellationToken.None);

        int failed;
        await using (var staged = build(restore.StagedSettings))
        {
            await staged.Services.PrepareDatabaseAsync();
            failed = await SendAsync(staged, new FailRestoredSends());
        }

        restore.Complete();
        if (restore.FilesLeft > 0)
            Console.WriteLine($"Copy the {restore.FilesLeft} files in the backup's folder media into the container of Azure Blob storage.");
        Console.WriteLine($"Restored. Messages that waited to be sent, and are marked as failed because they may have been sent: {failed}. "
            + "Erasures and deletions since the backup have to be made again.");
        return 0;
    }

    private static async Task<int> MigrateAsync(Func<WebApplication> build)
    {
        await using var app = build();
        await app.Services.PrepareDatabaseAsync();
        app.Services.GetRequiredService<JobStorage>();   // creates Hangfire's tables on SQL Server, which the app's login may not
        Console.WriteLine("The database is up to date.");
        return 0;
    }

    private static async Task<int> CheckAsync(Func<WebApplication> build)
    {
        await using var app = build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        Write(new CheckedPart("Settings", true, "All can be used."));
        var isRight = true;
        await foreach (var part in app.Services.CheckInstallationAsync())
        {
            Write(part);
            isRight &= part.IsRight;
        }

        return isRight ? 0 : 1;

        static void Write(CheckedPart part) => Console.WriteLine($"{(part.IsRight ? "ok" : "wrong"),-7}{part.Name,-10}{part.Finding}");
    }

    private static async Task<int> RebuildRollupsAsync(Func<WebApplication> build)
    {
        await using var app = build();
        await app.Services.PrepareDatabaseAsync();
        var rebuilt = await SendAsync(app, new RebuildRollups());
        Console.WriteLine($"Counted anew: {rebuilt.Organizations} organizations. Rows that were wrong: {rebuilt.CorrectedRows}.");
        return 0;
    }

    private static async Task<T> SendAsync<T>(WebApplication app, IRequest<T> request)
    {
        await using var scope = app.Services.CreateAllOrganizationsScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
    }
}
