using System.Runtime.CompilerServices;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>A part of the installation that was looked at.</summary>
/// <param name="Finding">What was found, or what is wrong with it and what to do.</param>
public sealed record CheckedPart(string Name, bool IsRight, string Finding);

/// <summary>Looks whether database, keys, media and Meta are as the app needs them. It changes nothing, and the app may run.</summary>
public static class InstallationCheck
{
    private const int MaxWriteTries = 5;

    public static async IAsyncEnumerable<CheckedPart> CheckInstallationAsync(
        this IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var files = InstallationFiles.Of(services);
        var database = await CheckDatabaseAsync(db, files.DatabaseFile, cancellationToken);
        yield return database;
        if (!database.IsRight) yield break;   // the rest is read from it

        var keys = await CheckKeysAsync(db, files, cancellationToken);
        yield return keys;
        yield return await CheckMediaAsync(scope.ServiceProvider, cancellationToken);
        if (keys.IsRight) yield return await CheckMetaAsync(scope.ServiceProvider, db, cancellationToken);   // asked with the app secret
    }

    private static async Task<CheckedPart> CheckDatabaseAsync(AppDbContext db, string? file, CancellationToken cancellationToken)
    {
        const string name = "Database";
        if (file is not null && !File.Exists(file)) return new(name, false, $"There is none at {file}; the app's first start creates it.");

        try
        {
            var (known, applied) = (db.Database.GetMigrations().ToList(), await db.Database.GetAppliedMigrationsAsync(cancellationToken));
            var applicable = known.Except(applied).Count();
            if (applied.Except(known).FirstOrDefault() is { } unknown)
                return new(name, false, $"Another version of MetaMessaging made it: its migration {unknown} is unknown to this one.");
            if (applicable == known.Count) return new(name, false, $"{file ?? "It"} is no database of MetaMessaging yet.");
            if (file is not null && await FindDamageAsync(db, cancellationToken) is { } damage)
                return new(name, false, $"It is damaged, so restore a backup: {damage}");
            if (applicable > 0)
                return new(name, false, $"Its schema is of an earlier version ({applicable} migrations): run migrate, or start the app.");

            if (file is null && await SqlServerRequirements.ReadAsync(db, cancellationToken) is var facts
                && SqlServerRequirements.FindProblems(facts, hasPendingMigrations: false).ToList() is { Count: > 0 } problems)
            {
                return new(name, false, string.Join(' ', problems));
            }

            await TryWriteAsync(db, cancellationToken);
            return new(name, true, file ?? db.Database.GetDbConnection().Database);
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            return new(name, false, $"{reason} ({exception.GetBaseException().Message})");
        }
    }

    /// <returns>SQLite's first finding; null when the file is sound.</returns>
    private static async Task<string?> FindDamageAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var found = await db.Database.SqlQuery<string>($"SELECT quick_check AS Value FROM pragma_quick_check LIMIT 1")
            .SingleAsync(cancellationToken);
        return found == "ok" ? null : found;
    }

    /// <summary>The app that runs beside may hold the only write lock just then.</summary>
    private static async Task TryWriteAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await db.TryWriteAsync(cancellationToken);
                return;
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode == 5 && tries < MaxWriteTries)
            {
                // TryWriteAsync has waited half a second.
            }
        }
    }

    /// <summary>A secret whose key is lost is read as null.</summary>
    private static async Task<CheckedPart> CheckKeysAsync(AppDbContext db, InstallationFiles files, CancellationToken cancellationToken)
    {
        const string name = "Keys";
        IQueryable<string?>[] columns =
        [
            db.SystemConfig.Select(c => c.MetaMessagingAppSecret), db.SystemConfig.Select(c => c.OpenIdClientSecret),
            db.Connections.Select(c => c.PageAccessToken), db.UserTokens.Select(t => t.Value),
        ];
        var inDatabase = files.HasKeysInDatabase ? await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancellationToken) : [];
        var hasKeys = inDatabase.Count > 0
            || (!files.HasKeysInDatabase && Directory.Exists(files.KeysFolder)
                && Directory.EnumerateFiles(files.KeysFolder, "key-*.xml").Any());
        var (stored, lost) = (0, 0);
        foreach (var column in columns)
        {
            var secrets = column.Where(secret => secret != null);
            var count = await secrets.CountAsync(cancellationToken);
            stored += count;
            // Without any key, Data Protection would create one.
            lost += hasKeys ? (await secrets.ToListAsync(cancellationToken)).Count(secret => secret is null) : count;
        }

        if (lost > 0)
        {
            return new(name, false, $"{lost} of {stored} stored secrets cannot be decrypted. Restore the keys to DataProtection:KeysPath, "
                + "or enter the app secret again and connect the Pages again.");
        }

        var unencrypted = inDatabase.Count(DatabaseKeys.IsUnencrypted);
        return new(name, true, $"All stored secrets can be decrypted: {stored}." + (unencrypted == 0 ? "" :
            $" Keys in the database that no certificate encrypts: {unencrypted}; see DataProtection:CertificatePath."));
    }

    private static async Task<CheckedPart> CheckMediaAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<IMediaStore>().FindProblemAsync(cancellationToken) is { } problem)
            return new("Media", false, problem);

        var found = await services.GetRequiredService<IMediator>().Send(new FindMissingFiles(), cancellationToken);
        return found.Missing == 0
            ? new("Media", true, $"All files are there: {found.Named}.")
            : new("Media", false, $"{found.Missing} of {found.Named} files are missing. Restore them.");
    }

    private static async Task<CheckedPart> CheckMetaAsync(IServiceProvider services, AppDbContext db, CancellationToken cancellationToken)
    {
        const string name = "Meta";
        var api = services.GetRequiredService<IGraphApi>();
        var app = await services.GetRequiredService<IMetaApp>().GetAsync(cancellationToken);
        var address = services.GetRequiredService<IPublicAddress>();
        try
        {
            if (!app.IsComplete)
            {
                await api.GetMeAsync("none", cancellationToken);
                return new(name, true, "");
            }

            var credentials = new AppCredentials(app.AppId!, app.AppSecret!);
            var subscriptions = await api.ListSubscriptionsAsync(credentials.AppId, credentials.AppToken, cancellationToken);
            var withInstagram = await db.Connections.AnyAsync(
                c => c.State != ConnectionState.Disconnected && c.IgAccountId != null, cancellationToken);
            var problem = address.IsKnown ? Subscriptions.ProblemOfApp(subscriptions.Items, address.Webhook(), withInstagram) : null;
            return problem is null ? new(name, true, "It answers, and accepts the App ID and the App secret.") : new(name, false, problem);
        }
        catch (GraphException exception) when (!app.IsComplete && exception.Refusal.Code is not null)
        {
            return new(name, true, "It answers. The Meta app is not set up yet; a system administrator completes System Config.");
        }
        catch (GraphException exception)
        {
            var refusal = GraphErrors.OfAppToken(exception.Refusal);
            return new(name, false, string.Join(" ", new[] { refusal.Title, refusal.Detail }.Where(text => text is { Length: > 0 })));
        }
    }
}
