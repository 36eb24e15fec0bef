using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>One call of the Graph API, with its parameters from query, form or JSON body.</summary>
internal sealed class GraphCall(HttpContext http, Platform platform, string version, string[] path, JsonObject parameters, IFormFile? file)
{
    private List<Action>? _afterAnswer;

    public HttpContext Http => http;

    public Platform Platform => platform;

    public string Version => version;

    /// <summary>
    /// The parameter <c>method</c> of a POST overrides its method (platform reference, OAuth → Secrets in addresses).
    /// </summary>
    public string Method => HttpMethods.IsPost(http.Request.Method) && Text("method") is { Length: > 0 } method
        ? method.ToUpperInvariant()
        : http.Request.Method;

    /// <summary>Node and edges, without the version.</summary>
    public string[] Path => path;

    public IFormFile? File => file;

    public JsonObject Parameters => parameters;

    /// <summary>Set once the token has been checked.</summary>
    public AccessToken? Token { get; set; }

    public IReadOnlyList<Action> AfterAnswerActions => _afterAnswer ?? [];

    /// <summary>The Page or account whose usage header and rate limit apply.</summary>
    public string? BusinessObjectId { get; set; }

    public Channel? Channel { get; set; }

    /// <summary>The recipient of a send or the subject of a profile call, for faults that are planned for one person.</summary>
    public string? RecipientId { get; set; }

    /// <summary>Parameters as text: a query, form or JSON string, or a JSON number.</summary>
    public string? Text(string name) => AsText(parameters[name]);

    public static string? AsText(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() is not JsonValueKind.Null => value.ToJsonString(),
        _ => null,
    };

    public string Require(string name) => Text(name) is { Length: > 0 } text ? text : throw GraphErrors.MissingParameter(name);

    /// <summary>
    /// An object parameter: JSON as it is, or JSON text as form fields carry it (platform reference, Send API → Request).
    /// </summary>
    public JsonObject? Object(string name) => parameters[name] switch
    {
        null => null,
        JsonObject inner => inner,
        JsonValue value when AsText(value) is { } text =>
            Parse(name, text, "object") as JsonObject ?? throw GraphErrors.InvalidParameter($"Param {name} must be a JSON object"),
        _ => throw GraphErrors.InvalidParameter($"Param {name} must be a JSON object"),
    };

    /// <summary>A parameter that may be an object, a list or a text.</summary>
    public JsonNode? Json(string name) =>
        parameters[name] is JsonValue value && AsText(value) is { } text && text.TrimStart() is ['{' or '[', ..]
            ? Parse(name, text, "value")
            : parameters[name];

    /// <summary>A list parameter: JSON as it is, or JSON text as query and form fields carry it.</summary>
    public JsonArray RequireArray(string name)
    {
        var value = parameters[name] ?? throw GraphErrors.MissingParameter(name);
        if (AsText(value) is { } text) value = Parse(name, text, "array");
        return value as JsonArray ?? throw GraphErrors.InvalidParameter($"Param {name} must be an array.");
    }

    public IReadOnlyList<SelectedField> Fields(string defaults) => FieldSelection.Parse(Text("fields") ?? defaults);

    /// <summary>The page of the token, for edges that only a page token may use.</summary>
    public Page RequirePage()
    {
        if (Token is not { Kind: TokenKind.Page, PageId: { } pageId }) throw GraphErrors.NeedsPageToken();
        return platform.Pages.TryGetValue(pageId, out var page) ? page : throw GraphErrors.Unsupported(Method, pageId);
    }

    public void RequirePermission(string permission, int code = 200)
    {
        if (Token is { Kind: TokenKind.App }) return;
        if (platform.Authorizations.GrantOf(Token?.UserId)?.Allows(permission) is not true)
            throw GraphErrors.NeedsPermission(permission, code);
    }

    public IReadOnlyList<string> Tasks(string pageId) =>
        Token?.UserId is { } userId && platform.Persons[userId].Pages.TryGetValue(pageId, out var tasks) ? tasks : [];

    /// <summary>Runs the action after the answer has been sent, as Meta does with echoes and receipts.</summary>
    public void AfterAnswer(Action action) => (_afterAnswer ??= []).Add(action);

    /// <summary>An address for <c>paging.next</c>: this call again, with other parameters and never with the token.</summary>
    public string PageAddress(params (string Name, string Value)[] changes)
    {
        var query = http.Request.Query
            .Where(pair => pair.Key is not ("access_token" or "appsecret_proof") && changes.All(change => change.Name != pair.Key))
            .Select(pair => (Name: pair.Key, Value: pair.Value.ToString()))
            .Concat(changes)
            .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}");
        return $"{platform.BaseAddress}{version}/{string.Join('/', path)}?{string.Join('&', query)}";
    }

    private static JsonNode? Parse(string name, string text, string kind)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw GraphErrors.InvalidParameter($"Param {name} must be a valid JSON-encoded {kind}");
        }
    }
}
