using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace MetaMessaging.Infrastructure.Persistence;

internal static class KeyRegistration
{
    /// <summary>The keys that encrypt stored secrets, cookies and links.</summary>
    /// <exception cref="SettingException">A certificate cannot be used.</exception>
    public static void AddKeys(this IServiceCollection services, IConfiguration configuration, DatabaseProvider provider)
    {
        var options = KeyOptions.Read(configuration, provider);
        services.AddSingleton(options);
        services.AddSingleton<SecretProtector>();
        services.AddSingleton<SecretHealth>();

        var protection = services.AddDataProtection().SetApplicationName("MetaMessaging");
        if (options.AreInDatabase) protection.PersistKeysToDbContext<AppDbContext>();   // in a scope of its own, on a connection of its own
        else protection.PersistKeysToFileSystem(new DirectoryInfo(options.Folder));
        if (options.Certificate is { } certificate) protection.ProtectKeysWithCertificate(certificate);
        if (options.OlderCertificates.Count > 0) protection.UnprotectKeysWithAnyCertificate([.. options.OlderCertificates]);

        services.AddSingleton<ReloadableKeyManager>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<ReloadableKeyManager>());
    }
}
