using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Encrypts secrets that are stored in the database. The keys are kept outside of it.</summary>
public sealed partial class SecretProtector(IDataProtectionProvider provider, ILogger<SecretProtector> logger)
{
    private readonly IDataProtector protector = provider.CreateProtector("MetaMessaging.Secrets");

    public string Protect(string secret) => protector.Protect(secret);

    /// <returns>Null when the key is lost: the app runs on, and shows that the secret has to be entered again.</returns>
    public string? Unprotect(string stored)
    {
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            LogKeyLost();
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "A stored secret cannot be decrypted: its key is not in the key ring. "
        + "Restore the keys, or enter the secret and connect the Pages again.")]
    private partial void LogKeyLost();
}

internal sealed class SecretConverter(SecretProtector protector) : ValueConverter<string?, string?>(
    secret => secret == null ? null : protector.Protect(secret), stored => stored == null ? null : protector.Unprotect(stored));

internal sealed class SecretJsonConverter<T>(SecretProtector protector, T whenLost) : ValueConverter<T, string>(
    value => protector.Protect(Serialize(value)), stored => Deserialize(protector.Unprotect(stored), whenLost))
{
    private static string Serialize(T value) => JsonSerializer.Serialize(value);

    private static T Deserialize(string? json, T whenLost) => json is null ? whenLost : JsonSerializer.Deserialize<T>(json)!;
}
