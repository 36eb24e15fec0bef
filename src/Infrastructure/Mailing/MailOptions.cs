using MailKit.Security;
using MimeKit;

namespace MetaMessaging.Infrastructure.Mailing;

internal enum MailSecurity
{
    /// <summary>Encrypted when the server offers it, and always when a password is sent. Port 465 is encrypted from the start.</summary>
    Auto,

    None,
    StartTls,
    Ssl,
}

/// <summary>Section Mail: the server that mails are handed to.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Empty: no mail is sent.</summary>
    public string Host { get; set; } = "";

    /// <summary>Null: 465 for ssl, 25 for none, else 587.</summary>
    public int? Port { get; set; }

    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>An address, with a name or without: MetaMessaging &lt;inbox@example.com&gt;.</summary>
    public string From { get; set; } = "";

    public MailSecurity Security { get; set; }

    public bool IsSetUp => Host.Length > 0;

    public bool HasHost => !IsSetUp || Uri.CheckHostName(Host) is not UriHostNameType.Unknown;

    public bool HasPort => Port is null or (> 0 and <= IPEndPoint.MaxPort);

    public bool HasSender =>
        !IsSetUp || (MailboxAddress.TryParse(From, out var sender) && sender.Address.Contains('@', StringComparison.Ordinal));

    public bool HasSecurity => Enum.IsDefined(Security);

    public bool HasCredentials => User.Length > 0 || Password.Length == 0;

    public int PortInUse => Port ?? Security switch { MailSecurity.Ssl => 465, MailSecurity.None => 25, _ => 587 };

    public SecureSocketOptions SocketOptions => Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Ssl => SecureSocketOptions.SslOnConnect,
        _ when PortInUse == 465 => SecureSocketOptions.SslOnConnect,
        _ => User.Length > 0 ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable,
    };
}
