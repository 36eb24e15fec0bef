namespace MetaMessaging.Application.Common;

/// <summary>
/// Whether the database and the media store can be written, and the stored secrets decrypted; and how long SQLite's write-ahead log is.
/// </summary>
public interface IStorageHealth
{
    /// <summary>Only a reader that does not end lets the log become longer than this.</summary>
    const long MaxUsualLogBytes = 64L * 1024 * 1024;

    /// <summary>Null on SQL Server.</summary>
    long? LogBytes { get; }

    /// <summary>What is left on the disk of SQLite's file; null on SQL Server.</summary>
    long? FreeBytes { get; }

    /// <summary>Answers within 3 s.</summary>
    /// <returns>Why this node cannot serve; null when it can.</returns>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
