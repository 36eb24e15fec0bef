using Hangfire;
using Microsoft.AspNetCore.DataProtection;

namespace MetaMessaging.Infrastructure.Mailing;

/// <summary>
/// Hands mails to Hangfire, encrypted: with SQL Server a job is stored in the database and shown in the dashboard, and the link of a mail
/// is as good as a password.
/// </summary>
internal sealed class MailQueue(IBackgroundJobClient jobs, IDataProtectionProvider protection, IOptions<MailOptions> options) : IMail
{
    private readonly IDataProtector protector = protection.CreateProtector("MetaMessaging.Mail");

    public bool IsSetUp => options.Value.IsSetUp;

    public void Enqueue(Mail mail)
    {
        if (!IsSetUp) return;
        var content = protector.Protect(JsonSerializer.Serialize(mail));
        jobs.Enqueue<MailJob>(job => job.SendAsync(content, CancellationToken.None));
    }

    public Mail Read(string content) => JsonSerializer.Deserialize<Mail>(protector.Unprotect(content))!;
}
