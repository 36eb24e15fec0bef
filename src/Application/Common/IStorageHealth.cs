namespace MetaMessaging.Application.Common;

/// <summary>Whether the database and the folder of media can be written.</summary>
public interface IStorageHealth
{
    /// <summary>Answers within 3 s.</summary>
    /// <returns>Why one of them cannot be written; null when both can.</returns>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
