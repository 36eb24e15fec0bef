using System.Net.Mail;

namespace MetaMessaging.Application.Common;

internal static class EmailAddressRules
{
    /// <summary>
    /// An address alone, to which a mail can be sent: without a display name, and without blanks, line breaks or direction marks, which
    /// would be shown in lists and written into mails. Null and the empty text pass.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> IsEmailAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(256).Must(text => string.IsNullOrEmpty(text) || IsAddress(text.Trim()))
            .WithMessage("An e-mail address is written as in ada@example.com.");

    private static bool IsAddress(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && !text.Any(char.IsWhiteSpace)
        && PlainName.Clean(text) == text;
}
