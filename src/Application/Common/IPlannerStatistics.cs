namespace MetaMessaging.Application.Common;

/// <summary>What the database knows about the number of rows and of different values, from which it chooses indexes.</summary>
public interface IPlannerStatistics
{
    Task UpdateAsync(CancellationToken cancellationToken);
}
