namespace MetaMessaging.Application.Common;

/// <summary>The open connections for live updates. They are authenticated only when they open, so somebody has to close them.</summary>
public interface ILiveConnections
{
    /// <summary>Closes this node's connections of a caller whose access has ended or changed. Other nodes close theirs within 5 seconds.
    /// </summary>
    void Close(LiveCaller caller);
}

/// <summary>A user's session or an API key.</summary>
public sealed record LiveCaller(long? SessionId, long? ApiKeyId);
