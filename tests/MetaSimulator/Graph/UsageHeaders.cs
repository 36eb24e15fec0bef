using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>The rate-limit headers (platform reference, Send API → Limits): JSON in a header, percentages of the allowance.</summary>
internal static class UsageHeaders
{
    public static void Write(IHeaderDictionary headers, UsageSettings usage, GraphCall? call)
    {
        if (!usage.Send) return;

        headers["X-App-Usage"] = Numbers(usage).ToJsonString();
        if (call?.BusinessObjectId is not { } id) return;

        var entry = Numbers(usage);
        entry.Insert(0, "type", call.Channel is Channel.Instagram ? "instagram" : "messenger");
        entry["estimated_time_to_regain_access"] = usage.EstimatedMinutesToRegainAccess;
        headers["X-Business-Use-Case-Usage"] = new JsonObject { [id] = new JsonArray(entry) }.ToJsonString();
    }

    private static JsonObject Numbers(UsageSettings usage) => new()
    {
        ["call_count"] = usage.CallCount,
        ["total_cputime"] = usage.TotalCpuTime,
        ["total_time"] = usage.TotalTime,
    };
}
