namespace MetaMessaging.Application.Common;

/// <summary>Downloaded and uploaded files, outside the database.</summary>
/// <remarks>While it cannot be reached, its methods throw <see cref="UnavailableException"/>.</remarks>
public interface IMediaStore
{
    /// <returns>Why no file can be stored; null when one can.</returns>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);

    /// <returns>A stream that can seek; null when there is no such file.</returns>
    Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Leaves out those that do not exist.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Lists the keys of the month's files that were stored before the given time.</summary>
    Task<IReadOnlyList<string>> ListKeysAsync(int year, int month, DateTimeOffset keptBefore, CancellationToken cancellationToken);
}
