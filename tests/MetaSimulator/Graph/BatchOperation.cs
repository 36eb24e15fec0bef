using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>
/// Up to 50 calls in one request, each answered with code, headers and body as if it had come alone (platform reference, Send API → Batch
/// requests).
/// </summary>
internal static partial class BatchOperation
{
    /// <summary>The version of a batch, or of a call in it, that names none.</summary>
    public const string DefaultVersion = "v25.0";

    private const int MaxCalls = 50;

    public static void Map(GraphRoutes routes, GraphPipeline pipeline) =>
        routes.Exact("POST", "", new GraphOperation("batch", call => HandleAsync(call, pipeline)));

    private static async Task<object> HandleAsync(GraphCall batch, GraphPipeline pipeline)
    {
        var calls = batch.RequireArray("batch");
        if (calls.Count > MaxCalls) throw GraphErrors.BatchTooLarge(MaxCalls);

        var withHeaders = batch.Text("include_headers") is not ("false" or "0");
        var named = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var answers = new JsonArray();
        foreach (var element in calls)
        {
            if (element is not JsonObject item) throw GraphErrors.InvalidParameter($"Param batch[{answers.Count}] must be an object.");
            var answer = await RunAsync(batch, pipeline, item, named, withHeaders);
            if (GraphCall.AsText(item["name"]) is { } name)
            {
                var body = (string?)answer?["body"];
                named[name] = body is null ? null : JsonNode.Parse(body);
                var isOmitted = GraphCall.AsText(item["omit_response_on_success"]) is not ("false" or "0");
                if (isOmitted && (int?)answer?["code"] is 200) answer = null;
            }

            answers.Add(answer);
        }

        return answers;
    }

    /// <returns>Null for a call whose connection a planned fault dropped, as for one that Meta did not finish in time.</returns>
    private static async Task<JsonObject?> RunAsync(
        GraphCall batch, GraphPipeline pipeline, JsonObject item, Dictionary<string, JsonNode?> named, bool withHeaders)
    {
        var method = GraphCall.AsText(item["method"]) ?? throw GraphErrors.MissingParameter("method");
        var address = GraphCall.AsText(item["relative_url"]) ?? throw GraphErrors.MissingParameter("relative_url");
        var body = GraphCall.AsText(item["body"]);
        var parts = Resolve(address, named).Split('?', 2);
        var (version, path) = VersionPrefix().Match(parts[0].TrimStart('/')) is { Success: true } match
            ? (match.Groups[1].Value, match.Groups[2].Value)
            : (batch.Version, parts[0]);

        var http = new DefaultHttpContext { RequestServices = batch.Http.RequestServices };
        http.Request.Method = method.ToUpperInvariant();
        var query = QueryHelpers.ParseQuery(parts.ElementAtOrDefault(1));
        var form = QueryHelpers.ParseQuery(Resolve(body ?? "", named));
        if (!query.ContainsKey("access_token") && !form.ContainsKey("access_token"))
        {
            http.Request.Headers.Authorization = $"Bearer {batch.Token!.Value}";
            if (batch.Text("appsecret_proof") is { } proof) query["appsecret_proof"] = proof;
        }

        http.Request.QueryString = QueryString.Create(query);
        if (body is not null)
        {
            var content = Encoding.UTF8.GetBytes(QueryString.Create(form).Value!.TrimStart('?'));
            http.Request.ContentType = "application/x-www-form-urlencoded";
            http.Request.ContentLength = content.Length;
            http.Request.Body = new MemoryStream(content);
        }

        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await pipeline.HandleAsync(http, batch.Platform, version, path);
        if (answer.Length is 0) return null;

        var result = new JsonObject { ["code"] = http.Response.StatusCode };
        if (withHeaders)
        {
            result["headers"] = new JsonArray([.. http.Response.Headers.Select(header => (JsonNode)new JsonObject
            {
                ["name"] = header.Key,
                ["value"] = header.Value.ToString(),
            })]);
        }

        result["body"] = Encoding.UTF8.GetString(answer.ToArray());
        return result;
    }

    /// <summary>Replaces <c>{result=first:$.id}</c> by that member of the answer to the call named <c>first</c>.</summary>
    private static string Resolve(string text, Dictionary<string, JsonNode?> named) => Reference().Replace(
        text,
        match => named.TryGetValue(match.Groups["name"].Value, out var answer)
            && match.Groups["path"].Value.Split('.').Aggregate(answer, (node, member) => (node as JsonObject)?[member]) is { } value
                ? GraphCall.AsText(value) ?? value.ToJsonString()
                : throw GraphErrors.InvalidParameter($"Invalid reference {match.Value} in batch"));

    [GeneratedRegex(@"^(v\d+\.\d+)/(.*)$")]
    private static partial Regex VersionPrefix();

    [GeneratedRegex(@"\{result=(?<name>[^:}]+):\$\.(?<path>[\w.]+)\}")]
    private static partial Regex Reference();
}
