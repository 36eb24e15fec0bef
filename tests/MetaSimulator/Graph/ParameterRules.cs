using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>Checks that several operations make of the members of an object parameter.</summary>
internal static class ParameterRules
{
    /// <param name="name">The object's name in the error, such as <c>persistent_menu[0]</c>.</param>
    public static string RequireText(JsonObject json, string name, string property, int maxCount)
    {
        var text = GraphCall.AsText(json[property]);
        if (string.IsNullOrEmpty(text)) throw GraphErrors.MissingParameter($"{name}[{property}]");
        return text.Length <= maxCount ? text : throw GraphErrors.TooLong($"{name}[{property}]", maxCount);
    }

    public static string RequireOneOf(JsonNode? value, string name, string[] allowed) =>
        GraphCall.AsText(value) is { } text && allowed.Contains(text)
            ? text
            : throw GraphErrors.InvalidParameter(
                $"Param {name} must be one of {{{string.Join(", ", allowed)}}} - got \"{GraphCall.AsText(value)}\".");

    /// <summary>The elements of a list of objects, each with its name in the error.</summary>
    public static IEnumerable<(JsonObject Element, string Name)> RequireObjects(JsonNode? value, string name, int maxCount)
    {
        if (value is not JsonArray { Count: > 0 } list) throw GraphErrors.InvalidParameter($"Param {name} must be a non-empty array.");
        if (list.Count > maxCount) throw GraphErrors.InvalidParameter($"Param {name} must have no more than {maxCount} elements.");
        return list.Select((element, index) => (
            element as JsonObject ?? throw GraphErrors.InvalidParameter($"Param {name}[{index}] must be an object."), $"{name}[{index}]"));
    }

    public static void RequireHttps(JsonNode? value, string name)
    {
        if (!Uri.TryCreate(GraphCall.AsText(value), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw GraphErrors.InvalidParameter($"Param {name} must be a valid HTTPS URL.");
    }
}
