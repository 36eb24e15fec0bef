namespace MetaMessaging.Application.Common;

internal static class NameRules
{
    public static IRuleBuilderOptions<T, string?> IsName<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.NotEmpty().MaximumLength(maxLength).Must(name => string.IsNullOrEmpty(name) || PlainName.Clean(name) is not null)
            .WithMessage("A name needs visible characters.");

    public static IRuleBuilderOptions<T, string?> IsVisibleText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NotEmpty().Must(text => string.IsNullOrEmpty(text) || !VisibleText.IsBlank(text)).WithMessage("Write visible characters.");
}
