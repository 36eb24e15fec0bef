namespace MetaMessaging.Domain.Conversations;

public enum ReactionActor { Contact, Business }

/// <summary>One side's reaction to a message. Removing it keeps the row, so that an older one that arrives later has no effect.</summary>
public sealed class MessageReaction : Entity, IOwnedByOrganization
{
    public const int MaxEmojiLength = 64;

    private MessageReaction() { }

    internal MessageReaction(Message message, ReactionActor actor, string? emoji, DateTimeOffset at)
    {
        OrganizationId = message.OrganizationId;
        Message = message;
        Actor = actor;
        Emoji = emoji;
        At = at;
    }

    public long OrganizationId { get; private set; }

    public long MessageId { get; private set; }

    public Message Message { get; private set; } = null!;

    public ReactionActor Actor { get; private set; }

    /// <summary>Null when it was removed.</summary>
    public string? Emoji { get; private set; }

    /// <summary>Meta's time: only a later reaction replaces this one, and of two at the same time the one with the greater text.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The conversation's <see cref="UnreadCounter.InboundCount"/> with this reaction; null for the business's own.</summary>
    public int? InboundNumber { get; internal set; }

    /// <summary>Meta accepts a reaction within the 24 hours only, and its removal at any time.</summary>
    /// <exception cref="DomainException">reaction_not_possible, outside_messaging_window</exception>
    /// <exception cref="ConflictException">channel_not_connected, connection_expired, sending_blocked</exception>
    public static void EnsureCanReact(Message message, string? emoji, DateTimeOffset now)
    {
        if (message.IsDeleted) throw new DomainException("reaction_not_possible", "The message was unsent.");
        if (message.Direction is not MessageDirection.Inbound || message.ExternalId is null)
            throw new DomainException("reaction_not_possible", "Only a message that the customer sent can be reacted to.");

        message.Conversation.Connection.EnsureCanSend(message.Channel, now);
        if (emoji is not null && message.Conversation.WindowAt(now).State is not WindowState.Open)
        {
            throw new DomainException(
                "outside_messaging_window",
                "More than 24 hours have passed since the customer's last message; Meta accepts reactions only within them.");
        }
    }

    /// <summary>Its message was unsent. The row stays, so that the reaction is not counted again as the customer's first.</summary>
    internal void Remove() => Emoji = null;

    /// <returns>False when a reaction at least as late is known already.</returns>
    internal bool TryChange(string? emoji, DateTimeOffset at)
    {
        if (at < At || (at == At && string.CompareOrdinal(emoji, Emoji) <= 0)) return false;
        Emoji = emoji;
        At = at;
        return true;
    }
}
