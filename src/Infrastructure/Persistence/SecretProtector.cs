using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Encrypts secrets that are stored in the database.</summary>
public sealed partial class SecretProtector(IDataProtectionProvider provider, TimeProvider clock, ILogger<SecretProtector> logger)
{
    /// <summary>A list of Pages has thousands of tokens.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly IDataProtector protector = provider.CreateProtector("MetaMessaging.Secrets");
    private long loggedAt;

    public string Protect(string secret) => protector.Protect(secret);

    /// <returns>Null when the key is lost: the app runs on, and shows that the secret has to be entered again.</returns>
    /// <exception cref="CryptographicException">The keys could not be read, because the database is away.</exception>
    public string? Unprotect(string stored)
    {
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException exception) when (StorageFailure.ReasonOf(exception) is null)
        {
            LogKeyLostSometimes();
            return null;
        }
    }

    private void LogKeyLostSometimes()
    {
        var (now, last) = (clock.GetTimestamp(), Interlocked.Read(ref loggedAt));
        if (last != 0 && clock.GetElapsedTime(last, now) < LogInterval) return;
        if (Interlocked.CompareExchange(ref loggedAt, now, last) == last) LogKeyLost();
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
