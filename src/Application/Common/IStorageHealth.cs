namespace MetaMessaging.Application.Common;

/// <summary>Whether the database can be written.</summary>
public interface IStorageHealth
{
    /// <summary>Answers within 3 s.</summary>
    /// <returns>Why it cannot be written; null when it can.</returns>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
