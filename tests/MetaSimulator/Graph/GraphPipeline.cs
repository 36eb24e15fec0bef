using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>
/// Handles every Graph call: reads parameters, checks token and proof, applies planned faults, runs the operation, writes the answer.
/// </summary>
internal sealed class GraphPipeline(GraphRoutes routes)
{
    /// <param name="rest">The path after the version; null or empty for a batch.</param>
    public async Task HandleAsync(HttpContext http, Platform platform, string version, string? rest)
    {
        var path = rest?.Split('/', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } segments ? segments : [""];
        var started = Stopwatch.GetTimestamp();
        var traceId = Ids.TraceId();
        var record = new CallRecord
        {
            At = platform.Clock.Now,
            Method = http.Request.Method,
            Path = $"/{version}/{rest}",
            QueryNames = [.. http.Request.Query.Keys],
            SecretsInAddress =
            [
                .. http.Request.Query.Where(p => platform.Authorizations.IsSecret(p.Value.ToString())).Select(p => p.Key),
                .. path.Where(platform.Authorizations.IsSecret).Select(_ => "path"),
            ],
        };
        GraphCall? call = null;
        var dropped = false;
        object answer;
        int status;

        try
        {
            call = await ReadAsync(http, platform, version, path);
            (answer, status, dropped) = await RunAsync(call, record);
        }
        catch (GraphException exception)
        {
            answer = exception.Error.ToJson(traceId);
            status = exception.Error.HttpStatus;
            record.ErrorCode = exception.Error.Code;
            record.ErrorSubcode = exception.Error.Subcode;
        }

        var latency = platform.Settings.Behaviour.LatencyMs;
        if (latency > 0) await Task.Delay(latency);

        record.Status = dropped ? 0 : status;
        record.LatencyMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        platform.Calls.Add(record);

        try
        {
            if (dropped) http.Abort();
            else await WriteAsync(http, call, platform, version, traceId, status, answer);
        }
        finally
        {
            foreach (var action in call?.AfterAnswerActions ?? []) action();
        }
    }

    private async Task<(object Answer, int Status, bool Dropped)> RunAsync(GraphCall call, CallRecord record)
    {
        var operation = routes.FindExact(call.Method, call.Path);
        if (operation is not { NeedsToken: false }) Authenticate(call, record);
        else record.Proof = call.Text("appsecret_proof") is not null;
        operation ??= routes.Resolve(call);

        // Typing and seen use the same edge as messages, but a fault that is meant for a message must not hit them.
        var name = operation.Name is "send" && call.Text("sender_action") is not null ? "senderAction" : operation.Name;
        record.Operation = name;
        record.RecipientId = call.RecipientId = operation.Name is "profile" ? call.Path[0] : PeekRecipient(call);

        var fault = call.Platform.Faults.Take(name, call.Token?.PageId ?? call.Path[0], call.RecipientId);
        if (fault is null) return (await operation.Handle(call), StatusCodes.Status200OK, false);

        if (fault.DelayMs > 0) await Task.Delay(fault.DelayMs);
        var isDelayOnly = fault is { Code: null, HttpStatus: null, Body: null, DropConnection: false };
        var answer = fault.When is FaultMoment.After || isDelayOnly ? await operation.Handle(call) : null;
        if (fault.DropConnection) return (new JsonObject(), 0, true);
        if (fault.Body is { } body) return (body, fault.HttpStatus ?? StatusCodes.Status500InternalServerError, false);

        // A fault that only delays: the call went on as usual.
        if (fault.Code is null && fault.HttpStatus is null) return (answer!, StatusCodes.Status200OK, false);

        var error = GraphErrors.ByCode(fault.Code ?? 2, fault.Subcode);
        throw new GraphException(
            error with { HttpStatus = fault.HttpStatus ?? error.HttpStatus, Message = fault.Message ?? error.Message });
    }

    /// <summary>The id in <c>recipient={"id":…}</c>, or the plain id that a read of the thread owner has.</summary>
    private static string? PeekRecipient(GraphCall call) => call.Text("recipient") is { Length: > 0 } text && text.All(char.IsAsciiDigit)
        ? text
        : GraphCall.AsText(call.Object("recipient")?["id"]);

    /// <summary>
    /// Finds the token in header or parameter (platform reference, OAuth → appsecret_proof) and refuses an invalid one, a wrong proof,
    /// or none when it is required.
    /// </summary>
    private static void Authenticate(GraphCall call, CallRecord record)
    {
        var header = call.Http.Request.Headers.Authorization.ToString();
        var value = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
        record.TokenIn = value is not null
            ? "header"
            : call.Http.Request.Query.ContainsKey("access_token") ? "query" : call.Text("access_token") is not null ? "body" : "none";
        value ??= call.Text("access_token");
        record.Proof = call.Text("appsecret_proof") is not null;
        if (string.IsNullOrEmpty(value)) throw GraphErrors.NoToken();

        var token = call.Platform.Authorizations.Find(value) ?? throw GraphErrors.Refuse(190);
        record.TokenKind = token.Kind;
        record.PageId = token.PageId;

        var app = call.Platform.Settings.App;
        if (call.Text("appsecret_proof") is { } proof)
        {
            if (!AppSecretProof.Matches(proof, value, app.Secret)) throw GraphErrors.ProofWrong();
        }
        else if (app.RequireAppSecretProof && token.Kind is not TokenKind.App)
        {
            throw GraphErrors.ProofMissing();
        }

        if (call.Platform.Authorizations.ProblemOf(token) is { } problem) throw new GraphException(problem);
        call.Token = token;
    }

    private static async Task<GraphCall> ReadAsync(HttpContext http, Platform platform, string version, string[] path)
    {
        var parameters = new JsonObject();
        foreach (var (name, value) in http.Request.Query) parameters[name] = value.ToString();

        IFormFile? file = null;
        if (http.Request.HasFormContentType)
        {
            var form = await http.Request.ReadFormAsync();
            foreach (var (name, value) in form) parameters[name] = value.ToString();
            file = form.Files.GetFile("filedata");
        }
        else if (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            foreach (var (name, value) in await ReadJsonAsync(http.Request)) parameters[name] = value?.DeepClone();
        }

        return new GraphCall(http, platform, version, path, parameters, file);
    }

    private static async Task<JsonObject> ReadJsonAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            // Meta treats a body that it cannot read as a request without parameters.
            return [];
        }
    }

    private static async Task WriteAsync(
        HttpContext http, GraphCall? call, Platform platform, string version, string traceId, int status, object answer)
    {
        http.Response.StatusCode = status;
        http.Response.Headers["facebook-api-version"] = version;
        http.Response.Headers["x-fb-trace-id"] = traceId;
        http.Response.Headers["x-fb-request-id"] = traceId;
        http.Response.Headers["x-fb-rev"] = "1027000000";
        http.Response.Headers.CacheControl = "private, no-cache, no-store, must-revalidate";
        UsageHeaders.Write(http.Response.Headers, platform.Settings.Usage, call);

        if (answer is string text)
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(text);
        }
        else
        {
            http.Response.ContentType = "application/json; charset=UTF-8";
            await http.Response.Body.WriteAsync(MetaJson.ToBytes((JsonNode)answer));
        }

        await http.Response.CompleteAsync();
    }
}
