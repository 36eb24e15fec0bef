using System.Text.Json.Nodes;

namespace MetaMessaging.Application.Organizations;

/// <summary>Removes the events of a Page or an Instagram account from a stored delivery; other events keep their index.</summary>
internal static class AccountRedaction
{
    private static readonly string[] EventLists = ["messaging", "standby", "changes"];

    /// <returns>Null when the delivery holds none of their entries.</returns>
    public static byte[]? Redact(byte[] payload, IReadOnlySet<string> accountIds)
    {
        try
        {
            var root = JsonNode.Parse(payload.Readable().WithoutDeepNesting());
            IEnumerable<JsonNode?> objects = root is JsonArray all ? all : [root];
            var entries = objects.OfType<JsonObject>().SelectMany(o => o["entry"] is JsonArray list ? list : [])
                .OfType<JsonObject>().Where(e => e["id"] is { } id && accountIds.Contains(id.ToString())).ToList();
            foreach (var list in entries.SelectMany(e => EventLists.Select(name => e[name])).OfType<JsonArray>())
            {
                for (var i = 0; i < list.Count; i++) list[i] = new JsonObject { ["erased"] = true };
            }

            return entries.Count == 0 ? null : Encoding.UTF8.GetBytes(root!.ToJsonString());
        }
        catch (JsonException)
        {
            // Not JSON, so no event was ever read from it, but it names the account.
            return [.. """{"erased":true}"""u8];
        }
    }
}
