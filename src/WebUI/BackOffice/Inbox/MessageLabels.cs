using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

internal static class MessageLabels
{
    /// <summary>The reactions that Messenger and Instagram offer in their own apps.</summary>
    public static readonly IReadOnlyList<(string Emoji, string Name)> Reactions =
        [("❤️", "Love"), ("👍", "Like"), ("😆", "Laugh"), ("😮", "Wow"), ("😢", "Sad"), ("😠", "Angry"), ("🙏", "Thank you")];

    public static string? Author(MessageModel message) => message.Origin switch
    {
        MessageOrigin.Agent => message.Sender?.Name,
        MessageOrigin.Api => $"{message.Sender?.Name ?? "An application"} · API",
        MessageOrigin.External => message.Sender?.Name is { } app ? $"{app} · outside MetaMessaging" : "Sent outside MetaMessaging",
        _ => null,
    };

    public static string Referral(ReferralModel referral) => referral switch
    {
        { AdTitle: { Length: > 0 } title } => $"Came from the ad “{title}”",
        { AdId: { Length: > 0 } ad } => $"Came from ad {ad}",
        { ProductId: { Length: > 0 } product } => $"About product {product}",
        { Ref: { Length: > 0 } reference } => $"Came by a link (ref {reference})",
        _ => "Came by a link",
    };
}
