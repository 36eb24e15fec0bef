namespace MetaMessaging.Domain.Conversations;

public enum WindowState { Open, HumanAgent, Closed }

/// <summary>How long the business may answer after the customer's last action: 24 hours, 7 days with the human-agent tag (platform
/// reference, Send API → Windows and tags).</summary>
/// <param name="ClosesAt">Null when the customer has never written.</param>
public sealed record MessagingWindow(WindowState State, DateTimeOffset? ClosesAt, DateTimeOffset? HumanAgentUntil)
{
    public static readonly TimeSpan Standard = TimeSpan.FromHours(24);
    public static readonly TimeSpan HumanAgent = TimeSpan.FromDays(7);

    /// <summary>The window ends this much earlier here, because a message takes time to reach Meta and Meta's clock decides.</summary>
    public static readonly TimeSpan SafetyMargin = TimeSpan.FromSeconds(60);

    public static MessagingWindow At(DateTimeOffset? lastInboundAt, DateTimeOffset now)
    {
        if (lastInboundAt is not { } last) return new MessagingWindow(WindowState.Closed, null, null);

        var closesAt = last + Standard;
        var humanAgentUntil = last + HumanAgent;
        var state = now < closesAt - SafetyMargin ? WindowState.Open
            : now < humanAgentUntil - SafetyMargin ? WindowState.HumanAgent
            : WindowState.Closed;
        return new MessagingWindow(state, closesAt, humanAgentUntil);
    }
}
