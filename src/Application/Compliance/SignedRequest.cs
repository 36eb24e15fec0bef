using System.Buffers.Text;
using FluentValidation.Results;

namespace MetaMessaging.Application.Compliance;

/// <summary>
/// Meta's signed_request: base64url(HMAC-SHA256) + "." + base64url(JSON) (platform reference, OAuth → signed_request).
/// </summary>
public static class SignedRequest
{
    /// <summary>One that is older was recorded somewhere and is sent again.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(5);

    /// <returns>Meta's app-scoped id of the person who once connected a Page.</returns>
    /// <exception cref="ValidationException">The signature, the algorithm, the shape or the age is wrong.</exception>
    public static string ReadUserId(string? text, string appSecret, DateTimeOffset now)
    {
        if (text?.Split('.', 2) is not [var signature, var payload]
            || Decode(signature) is not { } given || Decode(payload) is not { } json)
            throw Invalid("It is not of the form signature.payload.");
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), Encoding.UTF8.GetBytes(payload));
        if (!CryptographicOperations.FixedTimeEquals(given, expected)) throw Invalid("The signature is wrong.");

        var content = Parse(json) ?? throw Invalid("The payload is not the expected JSON.");
        if (!"HMAC-SHA256".Equals(content.Algorithm, StringComparison.OrdinalIgnoreCase))
            throw Invalid("The algorithm is not HMAC-SHA256.");
        if (content.UserId is not { Length: > 0 and <= MetaId.MaxLength } userId) throw Invalid("It names no user.");
        if (IsOutdated(content, now)) throw Invalid("It is too old.");
        return userId;
    }

    private static bool IsOutdated(Content content, DateTimeOffset now) => content.IssuedAt is not { } issuedAt
        || issuedAt < now - MaxAge || issuedAt > now + MaxClockDifference || content.Expires < now;

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static Content? Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new Content(root.Text("algorithm"), root.Text("user_id"), root.Time("issued_at"), root.Time("expires"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ValidationException Invalid(string reason) => new([new ValidationFailure("signed_request", reason)]);

    private sealed record Content(string? Algorithm, string? UserId, DateTimeOffset? IssuedAt, DateTimeOffset? Expires);
}
