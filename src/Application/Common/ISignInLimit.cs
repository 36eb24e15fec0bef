namespace MetaMessaging.Application.Common;

/// <summary>Limits how many sign-ins may fail from one client address.</summary>
public interface ISignInLimit
{
    /// <exception cref="TooManyRequestsException">Too many sign-ins from this address have failed.</exception>
    void EnsureAllowed();

    void RecordFailure();

    /// <summary>Whether a failure with an address that has no account may still be stored.</summary>
    bool TryStoreUnknown();
}
