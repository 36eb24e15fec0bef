namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>One name of a <c>fields</c> parameter with its arguments and inner fields: <c>messages.limit(20){id,text}</c>.</summary>
internal sealed record SelectedField(string Name, IReadOnlyDictionary<string, string> Arguments, IReadOnlyList<SelectedField> Fields)
{
    public int? Limit => Arguments.TryGetValue("limit", out var text) && int.TryParse(text, out var limit) ? limit : null;

    public IReadOnlyList<SelectedField> FieldsOr(string defaults) => Fields is [] ? FieldSelection.Parse(defaults) : Fields;
}

internal static class FieldSelection
{
    public static IReadOnlyList<SelectedField> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];

        var position = 0;
        var fields = ParseList(text, ref position);
        return position == text.Length ? fields : throw Malformed(text);
    }

    private static List<SelectedField> ParseList(string text, ref int position)
    {
        var fields = new List<SelectedField>();
        while (position < text.Length && text[position] != '}')
        {
            if (text[position] is ',' or ' ' or '\n' or '\r')
            {
                position++;
                continue;
            }

            fields.Add(ParseField(text, ref position));
        }

        return fields;
    }

    private static SelectedField ParseField(string text, ref int position)
    {
        var name = ParseName(text, ref position);
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        while (position < text.Length && text[position] is '.')
        {
            position++;
            var argument = ParseName(text, ref position);
            var end = position < text.Length && text[position] is '(' ? text.IndexOf(')', position) : -1;
            if (end < 0) throw Malformed(text);
            arguments[argument] = text[(position + 1)..end];
            position = end + 1;
        }

        if (position >= text.Length || text[position] is not '{') return new SelectedField(name, arguments, []);

        position++;
        var inner = ParseList(text, ref position);
        if (position >= text.Length) throw Malformed(text);
        position++;
        return new SelectedField(name, arguments, inner);
    }

    private static string ParseName(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_')) position++;
        return position > start ? text[start..position] : throw Malformed(text);
    }

    private static GraphException Malformed(string text) =>
        new(new GraphError(2500, null, $"Syntax error \"Expected name.\" at character 0: {text}"));
}
