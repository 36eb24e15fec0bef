using System.Diagnostics.Metrics;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphMeter(IMeterFactory meters)
{
    private readonly Counter<long> calls = meters.Create("MetaMessaging.Outbound")
        .CreateCounter<long>("metamessaging.graph.calls", description: "Calls to the Graph API by outcome");

    public void Accepted(GraphCall call) => calls.Add(1, Tag("call", NameOf(call)), Tag("outcome", "accepted"));

    /// <summary>Meta has some dozens of codes, few enough for a metric's tag.</summary>
    public void Refused(GraphCall call, Refusal refusal) => calls.Add(
        1, Tag("call", NameOf(call)), Tag("outcome", NameOf(refusal.Class)),
        Tag("code", refusal.Code?.ToString(CultureInfo.InvariantCulture) ?? "none"));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string NameOf(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
