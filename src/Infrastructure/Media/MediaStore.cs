namespace MetaMessaging.Infrastructure.Media;

/// <summary>Files under random keys: year, month and 32 hexadecimal digits.</summary>
internal abstract partial class MediaStore(TimeProvider clock) : IMediaStore
{
    /// <summary>Creates what the files are stored in, and sees that it can be written.</summary>
    /// <exception cref="SettingException">It cannot.</exception>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<string?> FindProblemAsync(CancellationToken cancellationToken);

    public abstract Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<string>> ListKeysAsync(
        int year, int month, DateTimeOffset keptBefore, CancellationToken cancellationToken);

    /// <summary>Begins a file; nothing of it is left when it is disposed before it is kept.</summary>
    /// <exception cref="UnavailableException">Nothing can be stored.</exception>
    public abstract MediaDraft Begin();

    protected string NewKey()
    {
        var now = clock.GetUtcNow();
        return $"{FolderOf(now.Year, now.Month)}/{Guid.NewGuid():N}";
    }

    protected static string FolderOf(int year, int month) => FormattableString.Invariant($"{year:0000}/{month:00}");

    /// <summary>No key of another format is used, so that none can point outside of the store.</summary>
    protected static bool IsKey(string key) => Key().IsMatch(key);

    [GeneratedRegex(@"^[0-9]{4}/[0-9]{2}/[0-9a-f]{32}\z")]
    private static partial Regex Key();
}
