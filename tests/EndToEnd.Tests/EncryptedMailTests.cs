using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>In a process of its own, because OpenSSL reads at the start whom to trust.</summary>
public sealed class EncryptedMailTests
{
    [Theory]
    [InlineData("startTls", false)]
    [InlineData("ssl", true)]
    public async Task A_mail_and_its_password_go_encrypted_to_a_server_that_the_system_trusts(string security, bool isTlsFromTheStart)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SSL_CERT_FILE is read on Linux only.");
        using var folder = new TestFolder();
        using var certificate = CreateCertificate();
        await File.WriteAllTextAsync(folder.File("trusted.pem"), certificate.ExportCertificatePem(), cancellationToken);
        await using var server = new MailServer(certificate, isTlsFromTheStart);
        await using var meta = await Simulator.StartAsync(cancellationToken: cancellationToken);
        var settings = new Dictionary<string, string?>(server.Settings)
        {
            ["Mail:Security"] = security, ["Mail:User"] = "inbox", ["Mail:Password"] = "the password",
            ["SSL_CERT_FILE"] = folder.File("trusted.pem"),
        };
        await using var app = await AppProcess.StartAsync(
            meta, settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value));

        await app.Http.PostAsJsonAsync("api/auth/forgot-password", new { email = AppProcess.AdminEmail }, cancellationToken);
        await Until.True(() => !server.Received.IsEmpty, "the mail arrived");

        Assert.Equal("the password", Assert.Single(server.Passwords));
        Assert.Equal(AppProcess.AdminEmail, Assert.Single(server.Received).To.Mailboxes.Single().Address);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
