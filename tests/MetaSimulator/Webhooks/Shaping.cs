namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>How a test bends the stream of events: set through the control API, back to normal when reset.</summary>
internal sealed record Shaping
{
    /// <summary>How many times each event is delivered.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>How long each event waits before it is sent.</summary>
    public int DelayMs { get; init; }

    /// <summary>How many of the coming events are lost.</summary>
    public int DropNext { get; init; }

    /// <summary>How many of the coming events are collected, and then sent in reverse order.</summary>
    public int ReverseNext { get; init; }

    /// <summary>How many events travel in one POST; what is left over goes with a flush.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Keeps everything back until it is released.</summary>
    public bool Hold { get; init; }
}
