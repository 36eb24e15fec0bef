using FluentValidation;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Outbound;

internal static class CharacterRules
{
    /// <summary>As Meta counts them: an emoji is one.</summary>
    public static IRuleBuilderOptions<T, string?> AtMostCharacters<T>(this IRuleBuilder<T, string?> rule, int limit) =>
        rule.Must(text => text is null || MessagingLimits.CharactersOf(text) <= limit)
            .WithMessage((_, text) => $"Meta takes {limit} characters at most; this has {MessagingLimits.CharactersOf(text!)}.");
}
