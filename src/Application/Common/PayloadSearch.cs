namespace MetaMessaging.Application.Common;

/// <summary>Looks into stored bytes where they are: each context says how its database does it.</summary>
public static class PayloadSearch
{
    /// <returns>Where the text begins, counted from 1; 0 when it is not there.</returns>
    public static int Position(byte[] payload, byte[] text) => throw new NotSupportedException("For queries only.");
}
