namespace MetaMessaging.WebUI.Formats;

/// <summary>An enum in a query string: by name, in the API's camelCase; numbers are not names.</summary>
internal readonly record struct QueryEnum<T>(T Value) where T : struct, Enum
{
    public static bool TryParse(string? text, out QueryEnum<T> result)
    {
        var isName = Enum.TryParse<T>(text, ignoreCase: true, out var value)
            && Enum.IsDefined(value)
            && !char.IsAsciiDigit(text![0])   // TryParse also reads numbers
            && text[0] != '-';
        result = new QueryEnum<T>(value);
        return isName;
    }
}
