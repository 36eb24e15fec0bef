using System.Text.Json;
using MediatR;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>Somebody put an emoji on a message, or took it back (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins).</summary>
public sealed record ApplyReaction(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyReactionHandler(InboundBatch batch) : IRequestHandler<ApplyReaction, EventOutcome>
{
    public Task<EventOutcome> Handle(ApplyReaction request, CancellationToken cancellationToken) => Task.FromResult(Apply(request));

    private EventOutcome Apply(ApplyReaction request)
    {
        var (connection, inbound) = request;
        if (inbound.Mid is not { } mid) return EventOutcome.Failed("The reaction names no message.");
        if (batch.Message(connection, mid) is not { } message) return batch.Park(connection, inbound, mid);

        var emoji = EmojiOf(inbound.Content);
        if (inbound.IsByAccount)
        {
            message.React(ReactionActor.Business, emoji, inbound.At);
            return EventOutcome.Processed;
        }

        if (message.React(ReactionActor.Contact, emoji, inbound.At)) message.Conversation.RecordReaction();
        if (emoji is not null) message.Conversation.RecordCustomerAction(inbound.At);
        return EventOutcome.Processed;
    }

    /// <returns>Null when the reaction is taken back, which often comes without saying which.</returns>
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
