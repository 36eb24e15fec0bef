using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>One page of an edge with its cursors. <c>next</c> is set only when more rows follow.</summary>
internal static class Paging
{
    public static JsonObject CreatePage<T>(
        GraphCall call, IReadOnlyList<T> all, Func<T, string> cursor, int defaultLimit, Func<T, JsonObject> read)
    {
        var limit = int.TryParse(call.Text("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, 100)
            : defaultLimit;
        var start = call.Text("after") is { Length: > 0 } after ? IndexAfter(all, cursor, after) : 0;
        var rows = all.Skip(start).Take(limit).ToList();

        var answer = new JsonObject { ["data"] = new JsonArray([.. rows.Select(read)]) };
        if (rows is []) return answer;

        var paging = new JsonObject
        {
            ["cursors"] = new JsonObject { ["before"] = Encode(cursor(rows[0])), ["after"] = Encode(cursor(rows[^1])) },
        };
        if (start + rows.Count < all.Count) paging["next"] = call.PageAddress(("limit", $"{limit}"), ("after", Encode(cursor(rows[^1]))));
        answer["paging"] = paging;
        return answer;
    }

    private static int IndexAfter<T>(IReadOnlyList<T> all, Func<T, string> cursor, string after)
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (Encode(cursor(all[i])) == after) return i + 1;
        }

        throw GraphErrors.InvalidParameter("Invalid cursors values. Please check the cursors in the request");
    }

    private static string Encode(string value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value));
}
