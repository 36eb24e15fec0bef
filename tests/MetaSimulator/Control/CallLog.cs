using System.Collections.Concurrent;
using MetaMessaging.MetaSimulator.OAuth;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>The Graph calls that arrived. It records where a token was, never the token.</summary>
internal sealed class CallLog
{
    private const int Capacity = 50_000;

    private readonly ConcurrentQueue<CallRecord> _calls = new();

    public void Add(CallRecord call)
    {
        _calls.Enqueue(call);
        while (_calls.Count > Capacity && _calls.TryDequeue(out _)) { }
    }

    public IReadOnlyList<CallRecord> All => [.. _calls];

    public void Clear() => _calls.Clear();
}

internal sealed record CallRecord
{
    public required DateTimeOffset At { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<string> QueryNames { get; init; }

    /// <summary>Where the address contains a token, a code or the app secret: names of parameters, or path.</summary>
    public required IReadOnlyList<string> SecretsInAddress { get; init; }

    public string? Operation { get; set; }

    public TokenKind? TokenKind { get; set; }

    /// <summary>header, query, body or none.</summary>
    public string TokenIn { get; set; } = "none";

    public bool Proof { get; set; }

    public string? PageId { get; set; }

    public string? RecipientId { get; set; }

    /// <summary>0 when the connection was dropped.</summary>
    public int Status { get; set; }

    public int? ErrorCode { get; set; }

    public int? ErrorSubcode { get; set; }

    public double LatencyMs { get; set; }
}
