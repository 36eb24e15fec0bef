namespace MetaMessaging.Application.Common;

/// <summary>Searches stored payloads inside the database. Each database context translates it to SQL of its own.</summary>
public static class PayloadSearch
{
    /// <returns>Where the text begins, counted from 1; 0 when the payload does not contain it.</returns>
    public static int Position(byte[] payload, byte[] text) => throw new NotSupportedException("For queries only.");
}
