using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Section DataProtection: where the keys of stored secrets are, and the certificates that encrypt the keys themselves.</summary>
/// <param name="Folder">With SQL Server the keys are in the database; those in the folder are from before that.</param>
/// <param name="OlderCertificates">They only decrypt, so they may have expired.</param>
internal sealed record KeyOptions(
    bool AreInDatabase, string Folder, X509Certificate2? Certificate, IReadOnlyList<X509Certificate2> OlderCertificates)
{
    private const string PathKey = "DataProtection:CertificatePath";
    private const string PasswordKey = "DataProtection:CertificatePassword";

    /// <exception cref="SettingException">A certificate cannot be used.</exception>
    public static KeyOptions Read(IConfiguration configuration, DatabaseProvider provider)
    {
        var folder = configuration["DataProtection:KeysPath"] is { Length: > 0 } path ? path : "data/keys";
        var certificate = Load(configuration, PathKey, PasswordKey);
        if (certificate is { NotAfter: var end } && end.ToUniversalTime() < TimeProvider.System.GetUtcNow())
            throw new SettingException(FormattableString.Invariant($"{PathKey}: the certificate has expired on {end:yyyy-MM-dd}."));

        var older = configuration.GetSection("DataProtection:OlderCertificates").GetChildren()
            .Select(entry => Load(configuration, $"{entry.Path}:Path", $"{entry.Path}:Password")
                ?? throw new SettingException($"{entry.Path}:Path: name the file of the certificate."));
        return new KeyOptions(provider is DatabaseProvider.SqlServer, Path.GetFullPath(folder), certificate, [.. older]);
    }

    private static X509Certificate2? Load(IConfiguration configuration, string pathKey, string passwordKey)
    {
        if (configuration[pathKey] is not { Length: > 0 } path) return null;

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration[passwordKey]);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new SettingException($"{pathKey}: {path} holds no RSA private key.");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(path) && exception is CryptographicException
                ? $"is no PKCS#12 file (.pfx), or {passwordKey} is not its password"
                : "cannot be read";
            throw new SettingException($"{pathKey}: {path} {reason}: {exception.Message}", exception);
        }
    }
}
