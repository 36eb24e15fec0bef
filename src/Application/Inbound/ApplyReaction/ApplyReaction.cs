namespace MetaMessaging.Application.Inbound;

/// <summary>The customer or the business reacted to a message, or removed their reaction.</summary>
public sealed record ApplyReaction(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyReactionHandler(MessageLookup messages, ParkedEvents parked) : RequestHandler<ApplyReaction, EventOutcome>
{
    protected override EventOutcome Handle(ApplyReaction request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The reaction names no message.");
        if (messages.Find(connection, mid) is not { } message) return parked.Park(connection, inbound, mid);

        var emoji = EmojiOf(inbound.Content);
        if (inbound.IsByAccount)
        {
            message.React(ReactionActor.Business, emoji, inbound.At);
            return EventOutcome.Processed;
        }

        message.ReactAsContact(emoji, inbound.At);
        if (emoji is not null) message.Conversation.RecordCustomerAction(inbound.At);
        return EventOutcome.Processed;
    }

    /// <returns>Null when the reaction was removed, which often arrives without its emoji.</returns>
    private static string? EmojiOf(JsonElement reaction)
    {
        if (reaction.Text("action") == "unreact") return null;
        if (reaction.Text("emoji") is { Length: > 0 and <= MessageReaction.MaxEmojiLength } emoji) return emoji;

        return reaction.Text("reaction") switch
        {
            "love" => "❤️",
            "like" => "👍",
            "dislike" => "👎",
            "smile" or "laugh" => "😆",
            "wow" => "😮",
            "sad" => "😢",
            "angry" => "😠",
            null => reaction.Text("action") == "react" ? "❔" : null,
            _ => "❔",
        };
    }
}
