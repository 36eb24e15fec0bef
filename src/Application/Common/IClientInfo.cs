namespace MetaMessaging.Application.Common;

/// <summary>The browser or the program that sent the current request. Background work has none.</summary>
public interface IClientInfo
{
    /// <summary>The network address; null outside of a request.</summary>
    string? Address { get; }

    /// <summary>As a person would call it, for example "Firefox on Windows"; null when it did not say.</summary>
    string? Device { get; }
}
