namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Finds out by small writes whether the database and the media store can be written, and whether the keys of stored secrets are there.
/// While this process is busy writing to the database, the last failure counts instead, so that overload alone is no problem.
/// </summary>
internal sealed class StorageHealth(
    IServiceProvider services, IOptions<DatabaseOptions> database, SqliteWriteLock writeLock, IMediaStore media, SecretHealth secrets,
    TimeProvider clock)
    : IStorageHealth
{
    /// <summary>Several load balancers may ask every second.</summary>
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxLockWait = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a failing write takes.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(15);

    private readonly object gate = new();
    private Task<string?>? check;
    private long checkedAt;
    private volatile Failure? lastFailure;

    public long? LogBytes =>
        database.Value.SqliteFile() is { } file ? new FileInfo($"{file}-wal") is { Exists: true } log ? log.Length : 0 : null;

    public long? FreeBytes =>
        database.Value.SqliteFile() is { } file ? new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace : null;

    /// <summary>Requests and workers report what they met.</summary>
    public void RecordFailure(string reason) => lastFailure = new Failure(reason, clock.GetTimestamp());

    public Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (check is null || (check.IsCompleted && clock.GetElapsedTime(checkedAt) > CacheDuration))
            {
                checkedAt = clock.GetTimestamp();
                check = Task.Run(
                    async () => await CheckDatabaseAsync() ?? await media.FindProblemAsync(default) ?? await CheckSecretsAsync(),
                    CancellationToken.None);
            }

            return check.WaitAsync(cancellationToken);
        }
    }

    private async Task<string?> CheckDatabaseAsync()
    {
        try
        {
            using var taken = await writeLock.TakeAsync(hasPriority: true, MaxLockWait, CancellationToken.None);
            await using var scope = services.CreateAllOrganizationsScope();
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().TryWriteAsync(CancellationToken.None);
            lastFailure = null;
            return null;
        }
        catch (StorageTimeoutException)
        {
            return lastFailure is { } failure && clock.GetElapsedTime(failure.At) < FailureLifetime ? failure.Reason : null;
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            RecordFailure(reason);
            return reason;
        }
    }

    private async Task<string?> CheckSecretsAsync()
    {
        try
        {
            return await secrets.FindProblemAsync(CancellationToken.None);
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is { } reason)
        {
            RecordFailure(reason);
            return reason;
        }
    }

    private sealed record Failure(string Reason, long At);
}
