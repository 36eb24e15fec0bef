namespace MetaMessaging.Application.Common;

/// <summary>Limits how many links for a new password are mailed to one address, and asked for from one client.</summary>
public interface IResetMailLimit
{
    bool TryAcquire(string email);
}
