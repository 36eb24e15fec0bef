using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

public enum ReactionActor
{
    Contact,
    Business,
}

/// <summary>What one side thinks of a message. Taking it back keeps the row, so that an older reaction that comes late stays without effect.</summary>
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

    /// <summary>Null when it was taken back.</summary>
    public string? Emoji { get; private set; }

    /// <summary>Meta's time: only a newer one wins. Of two at the same time the same one wins whatever their order.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Its message was taken back. The row stays: it was counted, and must not be counted again.</summary>
    internal void Forget() => Emoji = null;

    /// <returns>False when it is no news.</returns>
    internal bool Change(string? emoji, DateTimeOffset at)
    {
        if (at < At || (at == At && string.CompareOrdinal(emoji, Emoji) <= 0)) return false;
        Emoji = emoji;
        At = at;
        return true;
    }
}
