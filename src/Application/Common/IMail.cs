namespace MetaMessaging.Application.Common;

/// <summary>Mails, sent in the background. Without the setting Mail:Host there is no mail, and links are shown on pages only.</summary>
public interface IMail
{
    bool IsSetUp { get; }

    /// <summary>Returns at once; a mail server that does not answer is tried again for hours. Without one it does nothing.</summary>
    void Enqueue(Mail mail);
}

/// <summary>One mail: the text that it begins with, a link, and the text after it. It is sent as plain text and as HTML.</summary>
/// <param name="LinkText">What the link does, as on a button.</param>
public sealed record Mail(
    string To, string Subject, IReadOnlyList<string> Before, string LinkText, Uri Link, IReadOnlyList<string> After)
{
    /// <param name="invitedBy">Null for an organization's first admin, whom the system administrator invites.</param>
    public static Mail Invitation(string to, string organization, string? invitedBy, Uri link, DateTimeOffset expiresAt) => new(
        to,
        $"Join {organization} on MetaMessaging",
        [
            invitedBy is null ? $"You are invited to join {organization}." : $"{invitedBy} invites you to join {organization}.",
            "There, customers' messages from Messenger and Instagram are answered in one inbox.",
        ],
        "Accept the invitation",
        link,
        [$"The link works once, until {Written(expiresAt)}.", "If you do not expect an invitation, ignore this mail."]);

    public static Mail PasswordReset(string to, string name, Uri link, DateTimeOffset expiresAt) => new(
        to,
        "Choose a new password",
        [$"Hello {name},", "somebody, probably you, asked for a new password for your account."],
        "Choose a new password",
        link,
        [$"The link works once, until {Written(expiresAt)}.", "If it was not you, ignore this mail: your password stays as it is."]);

    private static string Written(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
