using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hangfire;
using Hangfire.InMemory;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Mailing;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmtpServer.Protocol;
using SmtpCommandException = MailKit.Net.Smtp.SmtpCommandException;

namespace MetaMessaging.Infrastructure.Tests.Mailing;

public sealed class MailTests : IAsyncDisposable
{
    private static readonly Mail Example = Mail.Invitation(
        "new@example.com", "Blue <Cup> & Söhne", "Maria", new Uri("https://messages.example.com/invitations/secret?a=1&b=2"), Some.Now);

    private readonly MailServer server = new();
    private readonly InMemoryStorage storage = new();

    [Fact]
    public async Task A_mail_arrives_as_plain_text_and_as_html()
    {
        await using var services = Services(server.Settings);
        services.GetRequiredService<IMail>().Enqueue(Example);

        await RunAsync(services);

        var mail = Assert.Single(server.Received);
        Assert.Equal(
            ("Join Blue <Cup> & Söhne on MetaMessaging", "inbox@example.com", "new@example.com", Some.Now),
            (mail.Subject, mail.From.Mailboxes.Single().Address, mail.To.Mailboxes.Single().Address, mail.Date));
        Assert.Contains("Maria invites you to join Blue <Cup> & Söhne.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("\nhttps://messages.example.com/invitations/secret?a=1&b=2", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("join Blue &lt;Cup&gt; &amp; S", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://messages.example.com/invitations/secret?a=1&amp;b=2\"", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_job_does_not_show_the_link()
    {
        await using var services = Services(server.Settings);

        services.GetRequiredService<IMail>().Enqueue(Example);

        Assert.DoesNotContain("secret", Content(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_is_tried_again_unless_it_is_refused_for_good()
    {
        await using var services = Services(server.Settings);
        services.GetRequiredService<IMail>().Enqueue(Example);

        server.Answer = new SmtpResponse(SmtpReplyCode.Aborted, "later");   // 451
        await Assert.ThrowsAsync<SmtpCommandException>(() => RunAsync(services));
        server.Answer = SmtpResponse.MailboxUnavailable;                    // 550
        await RunAsync(services);
        server.Answer = SmtpResponse.Ok;
        await RunAsync(services);

        Assert.Single(server.Received);
    }

    [Theory]
    [InlineData("auto", false)]
    [InlineData("startTls", false)]
    [InlineData("ssl", true)]
    public async Task Neither_a_password_nor_a_mail_goes_to_a_server_whose_certificate_is_not_trusted(string security, bool isFromTheStart)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var encrypted = new MailServer(certificate, isFromTheStart);
        await using var services = Services(WithPassword(encrypted, security));
        services.GetRequiredService<IMail>().Enqueue(Example);

        await Assert.ThrowsAsync<MailKit.Security.SslHandshakeException>(() => RunAsync(services));

        Assert.Empty(encrypted.Passwords);
        Assert.Empty(encrypted.Received);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("startTls")]
    public async Task A_password_is_not_sent_to_a_server_that_offers_no_encryption_unless_the_settings_say_so(string security)
    {
        await using var services = Services(WithPassword(server, security));
        services.GetRequiredService<IMail>().Enqueue(Example);

        await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(services));
        Assert.Empty(server.Passwords);

        services.GetRequiredService<IOptions<MailOptions>>().Value.Security = MailSecurity.None;
        await RunAsync(services);
        Assert.Equal("the password", Assert.Single(server.Passwords));
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_enqueued()
    {
        await using var services = Services([]);

        services.GetRequiredService<IMail>().Enqueue(Example);

        Assert.False(services.GetRequiredService<IMail>().IsSetUp);
        Assert.Equal(0, storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Theory]
    [InlineData("Mail:Host", "smtp example")]
    [InlineData("Mail:Port", "0")]
    [InlineData("Mail:From", "nobody")]
    [InlineData("Mail:Security", "7")]
    [InlineData("Mail:Password", "without a user")]
    public async Task A_setting_that_cannot_work_is_named(string key, string value)
    {
        await using var services = Services(new Dictionary<string, string?>(server.Settings) { [key] = value });

        var exception = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith(key, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        storage.Dispose();
    }

    private ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IBackgroundJobClient>(new BackgroundJobClient(storage));
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        services.AddSingleton<TimeProvider>(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Now));
        services.AddMail(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return services.BuildServiceProvider();
    }

    private static Dictionary<string, string?> WithPassword(MailServer of, string security) => new(of.Settings)
    {
        ["Mail:Security"] = security, ["Mail:User"] = "inbox", ["Mail:Password"] = "the password",
    };

    private string Content() => (string)Assert.Single(storage.GetMonitoringApi().EnqueuedJobs("default", 0, 10)).Value.Job.Args[0];

    private Task RunAsync(ServiceProvider services) =>
        services.GetRequiredService<MailJob>().SendAsync(Content(), TestContext.Current.CancellationToken);
}
