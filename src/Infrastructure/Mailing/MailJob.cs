using System.Security.Cryptography;
using Hangfire;
using MailKit.Net.Smtp;
using MimeKit;

namespace MetaMessaging.Infrastructure.Mailing;

/// <summary>Sends one mail. A server that cannot be reached is tried ten times in about seven hours.</summary>
internal sealed partial class MailJob(MailQueue queue, IOptions<MailOptions> options, TimeProvider clock, ILogger<MailJob> logger)
{
    private const int TimeoutMilliseconds = 30_000;

    [JobDisplayName("Send a mail")]
    [AutomaticRetry(Attempts = 10, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task SendAsync(string content, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(queue.Read(content), cancellationToken);
        }
        catch (SmtpCommandException exception) when ((int)exception.StatusCode is >= 500 and < 600)
        {
            LogRefused((int)exception.StatusCode);   // for good: another try would be refused, too
        }
        catch (CryptographicException)
        {
            LogKeyLost();
        }
    }

    private async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        await client.ConnectAsync(settings.Host, settings.PortInUse, settings.SocketOptions, cancellationToken);
        if (settings.User.Length > 0) await client.AuthenticateAsync(settings.User, settings.Password, cancellationToken);
        using var message = Compose(mail, MailboxAddress.Parse(settings.From));
        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    private MimeMessage Compose(Mail mail, MailboxAddress from)
    {
        var message = new MimeMessage
        {
            Date = clock.GetUtcNow(),
            Subject = mail.Subject,
            Body = new BodyBuilder { TextBody = MailBody.Text(mail), HtmlBody = MailBody.Html(mail) }.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(new MailboxAddress("", mail.To));
        message.Headers.Add("Auto-Submitted", "auto-generated");   // asks out-of-office programs not to answer (RFC 3834)
        return message;
    }

    [LoggerMessage(LogLevel.Warning, "The mail server refused a mail for good (SMTP {Status})")]
    private partial void LogRefused(int status);

    [LoggerMessage(LogLevel.Error, "A mail cannot be decrypted and is not sent: its key is not in the key ring")]
    private partial void LogKeyLost();
}
