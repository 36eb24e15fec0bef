namespace MetaMessaging.Application.Common;

/// <summary>There is no such thing, or it belongs to another organization: the two look the same.</summary>
public sealed class NotFoundException(string code) : Exception($"Not found: {code}")
{
    public string Code { get; } = code;
}

/// <summary>The proof that came with the request is wrong; nothing was stored.</summary>
public sealed class AccessDeniedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>The caller is nobody we know.</summary>
public sealed class UnauthenticatedException(string message) : Exception(message);

/// <summary>Can't be done right now; the same request will succeed later.</summary>
public sealed class UnavailableException(string code, string message, TimeSpan retryAfter, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    public TimeSpan RetryAfter { get; } = retryAfter;
}
