using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Keys in the database that were not written by Data Protection itself, or before there was a certificate.</summary>
internal sealed partial class DatabaseKeys(AppDbContext db, KeyOptions options, ILoggerFactory loggers, ILogger<DatabaseKeys> logger)
{
    /// <summary>Of Data Protection's elements and attributes.</summary>
    private static readonly XNamespace Namespace = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Copies the keys of the folder that the database lacks, and encrypts those that are in it unencrypted.</summary>
    /// <exception cref="SettingException">A file in the folder is no key.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var inFolder = ReadFolder();
        var stored = await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancellationToken);
        if (FindMissing(inFolder, stored).Count > 0 || (options.Certificate is not null && stored.Exists(IsUnencrypted)))
        {
            await db.SaveChangesAsync(
                async token =>
                {
                    await db.LockSetUpAsync(token);   // Data Protection does not bear the same key twice
                    stored = await db.DataProtectionKeys.ToListAsync(token);
                    var missing = FindMissing(inFolder, stored);
                    db.DataProtectionKeys.AddRange(missing);
                    stored.AddRange(missing);
                    if (options.Certificate is { } certificate) Encrypt(stored, new CertificateXmlEncryptor(certificate, loggers));
                    await db.SaveChangesAsync(token);
                    if (missing.Count > 0) LogCopied(missing.Count, options.Folder);
                },
                cancellationToken);
        }

        if (stored.Count(IsUnencrypted) is > 0 and var unencrypted) LogUnencrypted(unencrypted);
    }

    public static bool IsUnencrypted(DataProtectionKey key) => SecretsIn(XElement.Parse(key.Xml!)).Any();

    private List<DataProtectionKey> ReadFolder() => !Directory.Exists(options.Folder) ? [] :
    [
        .. Directory.EnumerateFiles(options.Folder, "key-*.xml").Select(
            file => new DataProtectionKey { FriendlyName = Path.GetFileNameWithoutExtension(file), Xml = ReadKey(file) }),
    ];

    private static string ReadKey(string file)
    {
        try
        {
            return XElement.Load(file).ToString(SaveOptions.DisableFormatting);
        }
        catch (XmlException exception)
        {
            throw new SettingException($"DataProtection:KeysPath: {file} is no key: {exception.Message}", exception);
        }
    }

    private static List<DataProtectionKey> FindMissing(List<DataProtectionKey> keys, List<DataProtectionKey> stored) =>
        keys.FindAll(key => !stored.Exists(other => other.FriendlyName == key.FriendlyName));

    private static void Encrypt(IEnumerable<DataProtectionKey> keys, CertificateXmlEncryptor encryptor)
    {
        foreach (var key in keys.Where(IsUnencrypted))
        {
            var element = XElement.Parse(key.Xml!);
            foreach (var secret in SecretsIn(element).ToList())
            {
                var encrypted = encryptor.Encrypt(new XElement(secret));
                secret.ReplaceWith(new XElement(
                    Namespace + "encryptedSecret",
                    new XAttribute("decryptorType", encrypted.DecryptorType.AssemblyQualifiedName!), encrypted.EncryptedElement));
            }

            key.Xml = element.ToString(SaveOptions.DisableFormatting);
        }
    }

    private static IEnumerable<XElement> SecretsIn(XElement key) =>
        key.Descendants().Where(element => (bool?)element.Attribute(Namespace + "requiresEncryption") is true);

    [LoggerMessage(LogLevel.Information, "{Count} keys of the folder {Folder} have been copied into the database; it is no longer needed.")]
    private partial void LogCopied(int count, string folder);

    [LoggerMessage(LogLevel.Warning, "{Count} keys are in the database unencrypted, so whoever can read it can decrypt the stored secrets. "
        + "Name a certificate in DataProtection:CertificatePath.")]
    private partial void LogUnencrypted(int count);
}
