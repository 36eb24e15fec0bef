namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>How events are duplicated, delayed, dropped or reordered: set through the control API, back to normal on reset.</summary>
internal sealed record Shaping
{
    /// <summary>How many times each event is delivered.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>How long each event waits before it is sent.</summary>
    public int DelayMs { get; init; }

    /// <summary>How many of the next events are dropped.</summary>
    public int DropNext { get; init; }

    /// <summary>How many of the next events are collected, and then sent in reverse order.</summary>
    public int ReverseNext { get; init; }

    /// <summary>How many events are sent in one POST; a release sends a batch that is not full.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Holds all events until they are released.</summary>
    public bool Hold { get; init; }
}
