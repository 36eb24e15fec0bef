namespace MetaMessaging.Application.Outbound;

internal static class CharacterRules
{
    /// <summary>Counts characters as Meta does: an emoji is one.</summary>
    public static IRuleBuilderOptions<T, string?> AtMostCharacters<T>(this IRuleBuilder<T, string?> rule, int max) =>
        rule.Must(text => text is null || MessagingLimits.CharactersOf(text) <= max)
            .WithMessage((_, text) => $"Meta accepts {max} characters at most; this has {MessagingLimits.CharactersOf(text!)}.");
}
