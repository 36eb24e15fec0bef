using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>
/// The examples of one route. They are written by the API's own serializer, so an example cannot show a field that an answer does not
/// have.
/// </summary>
internal sealed record RouteExamples(IReadOnlyList<object> Examples)
{
    public const string Cursor = "NjM5MDAwMDAwMDAwMDAwMDAwLjEy";

    private static readonly JsonSerializerOptions Options = NewOptions();

    /// <returns>Null when the route gave none; a test finds those.</returns>
    public JsonNode? OfAnswer(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>))
        {
            return OfAnswer(type.GenericTypeArguments[0]) is { } item
                ? new JsonObject { ["items"] = new JsonArray(item), ["nextCursor"] = Cursor }
                : null;
        }

        return Examples.FirstOrDefault(e => e.GetType() == type) is { } example
            ? JsonSerializer.SerializeToNode(example, type, Options)
            : null;
    }

    /// <returns>Without the members that are null, because callers leave those out.</returns>
    public JsonNode? OfBody(Type type)
    {
        if (OfAnswer(type) is not JsonObject body) return null;
        foreach (var (name, _) in body.Where(member => member.Value is null).ToList()) body.Remove(name);
        return body;
    }

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiJson.Configure(options);
        return options;
    }
}
