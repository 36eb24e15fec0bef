namespace MetaMessaging.Application.Common;

/// <summary>The row does not exist or belongs to another organization; callers cannot tell which.</summary>
public sealed class NotFoundException(string code) : Exception($"Not found: {code}")
{
    public string Code { get; } = code;
}

/// <summary>A link that works once, or for a time, was used or is too old.</summary>
public sealed class GoneException(string code, string message) : DomainException(code, message);

/// <summary>The signature or token of the request is wrong; nothing was stored.</summary>
public sealed class AccessDeniedException(string code, string message) : Exception(message) { public string Code { get; } = code; }

/// <summary>The caller is not signed in, or the account or its tokens are no longer valid.</summary>
public sealed class UnauthenticatedException(string message) : Exception(message);

/// <summary>The password is right, and the sign-in has to be confirmed with a second factor.</summary>
/// <param name="token">Proves that the password was right, for five minutes.</param>
public sealed class TwoFactorRequiredException(string token) : Exception("Confirm the sign-in with your second factor.")
{
    public string Token { get; } = token;
}

/// <summary>The caller has used up what a limit allows for now.</summary>
public sealed class TooManyRequestsException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>A setting with which the app cannot work; the message names its key. It ends the start with one line.</summary>
public class SettingException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A command for the upkeep of the installation cannot be carried out; the message is one line for the operator.</summary>
public sealed class UpkeepException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The request cannot be carried out now, but may succeed later.</summary>
public sealed class UnavailableException(string code, string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The database, or the folder of media, cannot be written.</summary>
    public const string StorageCode = "storage_unavailable";

    private static readonly TimeSpan StorageRetryAfter = TimeSpan.FromSeconds(5);

    public string Code { get; } = code;

    public static UnavailableException OfMissingAppSecret() =>
        new("meta_not_configured", "No app secret is configured yet, so no signature can be checked.", TimeSpan.FromSeconds(60));

    public static UnavailableException OfStorage(string reason, Exception inner) => new(StorageCode, reason, StorageRetryAfter, inner);

    public TimeSpan RetryAfter { get; } = retryAfter;
}
