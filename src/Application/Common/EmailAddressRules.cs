using System.Net.Mail;
using FluentValidation.Validators;

namespace MetaMessaging.Application.Common;

internal static class EmailAddressRules
{
    /// <summary>An address alone, to which a mail can be sent. Null and the empty text pass.</summary>
    public static IRuleBuilderOptions<T, string?> IsEmailAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(256).SetValidator(new EmailAddressValidator<T>());

    /// <summary>
    /// Without a display name, and without blanks, line breaks or direction marks, which would be shown in lists and written into mails.
    /// Forms show what FluentValidation's own rule has browsers check, which is less.
    /// </summary>
    private sealed class EmailAddressValidator<T> : PropertyValidator<T, string?>, IEmailValidator
    {
        public override string Name => "EmailValidator";

        public override bool IsValid(ValidationContext<T> context, string? value) =>
            string.IsNullOrEmpty(value) || IsAddress(value.Trim());

        protected override string GetDefaultMessageTemplate(string errorCode) => Localized(errorCode, Name);

        private static bool IsAddress(string text) =>
            MailAddress.TryCreate(text, out var address) && address.Address == text && !text.Any(char.IsWhiteSpace)
            && PlainName.Clean(text) == text;
    }
}
