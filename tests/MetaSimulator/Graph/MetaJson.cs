using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>
/// Writes JSON as Meta's servers do: everything outside ASCII as \uXXXX in lowercase, slashes as \/ and nothing else escaped
/// that JSON does not ask for. Webhook signatures are made over exactly these bytes (platform reference, Webhooks → Signature).
/// </summary>
internal static class MetaJson
{
    public static byte[] ToBytes(JsonNode? node) => Encoding.ASCII.GetBytes(ToText(node));

    public static string ToText(JsonNode? node)
    {
        var text = new StringBuilder(256);
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                WriteObject(text, members);
                break;
            case JsonArray items:
                WriteArray(text, items);
                break;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonObject members)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, value) in members)
        {
            if (!first) text.Append(',');
            first = false;
            WriteString(text, name);
            text.Append(':');
            Write(text, value);
        }

        text.Append('}');
    }

    private static void WriteArray(StringBuilder text, JsonArray items)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(',');
            Write(text, items[i]);
        }

        text.Append(']');
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var unit in value)
        {
            switch (unit)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '/': text.Append("\\/"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case >= ' ' and < (char)127: text.Append(unit); break;
                default: text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"); break;
            }
        }

        text.Append('"');
    }
}
