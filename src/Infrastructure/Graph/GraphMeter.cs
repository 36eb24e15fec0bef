using System.Diagnostics.Metrics;
using System.Text.Json;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Every call to Meta and what came of it, as Prometheus counts: since the start, of this node.</summary>
internal sealed class GraphMeter(IMeterFactory meters)
{
    private readonly Counter<long> calls = meters.Create("MetaMessaging.Outbound")
        .CreateCounter<long>("metamessaging.graph.calls", description: "Calls to the Graph API by what came of them");

    public void Accepted(GraphCall call) => calls.Add(1, Tag("call", Word(call)), Tag("outcome", "accepted"));

    /// <summary>Meta's codes are some dozens, so they are safe to count by.</summary>
    public void Refused(GraphCall call, Refusal refusal) => calls.Add(
        1, Tag("call", Word(call)), Tag("outcome", Word(refusal.Class)), Tag("code", refusal.Code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
