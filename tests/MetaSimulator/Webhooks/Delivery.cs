namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>One POST to the app's callback, with all events that belong to it.</summary>
internal sealed class Delivery
{
    private readonly List<DeliveryAttempt> _attempts = [];

    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string Object { get; init; }

    /// <summary>The accounts (page or Instagram) whose events it carries.</summary>
    public required IReadOnlyList<string> AccountIds { get; init; }

    public required IReadOnlyList<string> PageIds { get; init; }

    public required string CustomerId { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required string CallbackUrl { get; init; }

    public required byte[] Body { get; init; }

    public DeliveryStatus Status { get; set; }

    /// <summary>Why it was not sent, or the error of the last attempt.</summary>
    public string? Note { get; set; }

    /// <summary>When the first attempt was made, on the machine's clock.</summary>
    public long FirstAttemptTicks { get; set; }

    public TaskCompletionSource FirstAttempt { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<DeliveryAttempt> Attempts
    {
        get { lock (_attempts) return [.. _attempts]; }
    }

    public void Add(DeliveryAttempt attempt)
    {
        lock (_attempts) _attempts.Add(attempt);
    }
}

internal enum DeliveryStatus
{
    Pending,
    Delivered,

    /// <summary>The last attempt was refused or timed out; another will follow.</summary>
    Retrying,

    /// <summary>Abandoned after 36 hours of attempts.</summary>
    Failed,

    /// <summary>There is no subscription for it, or the control API ordered it to be dropped.</summary>
    Dropped,
}

/// <param name="Status">The receiver's HTTP status; 0 when there was none.</param>
internal sealed record DeliveryAttempt(DateTimeOffset At, int Status, double LatencyMs, string? Error);
