using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>What the figures need of a conversation.</summary>
internal sealed record ConversationRow(
    long Id, ConversationStatus Status, int InboundCount, int SeenCount, int WithdrawnCount, int WithdrawnAfter,
    DateTimeOffset? WaitingSince)
{
    public static readonly Expression<Func<Conversation, ConversationRow>> Selector = c => new ConversationRow(
        c.Id, c.Status, c.InboundCount, c.SeenCount, c.WithdrawnCount, c.WithdrawnAfter, c.WaitingSince);

    public ConversationRow(Conversation conversation) : this(
        conversation.Id, conversation.Status, conversation.InboundCount, conversation.SeenCount, conversation.WithdrawnCount,
        conversation.WithdrawnAfter, conversation.WaitingSince)
    { }

    /// <summary>As <see cref="UnreadCounter.UnreadCount"/> has it.</summary>
    public bool IsUnread => InboundCount - SeenCount > (WithdrawnAfter == SeenCount ? WithdrawnCount : 0);

    /// <summary>With the columns that a save of the entity writes.</summary>
    public ConversationRow With(EntityEntry<Conversation> entry) => this with
    {
        Status = Choose(entry.Property(c => c.Status), Status),
        InboundCount = Choose(entry.Property(c => c.InboundCount), InboundCount),
        SeenCount = Choose(entry.Property(c => c.SeenCount), SeenCount),
        WithdrawnCount = Choose(entry.Property(c => c.WithdrawnCount), WithdrawnCount),
        WithdrawnAfter = Choose(entry.Property(c => c.WithdrawnAfter), WithdrawnAfter),
    };

    private static T Choose<T>(PropertyEntry<Conversation, T> property, T stored) => property.IsModified ? property.CurrentValue : stored;
}
