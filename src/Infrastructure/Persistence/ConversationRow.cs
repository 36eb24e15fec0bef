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
    public ConversationRow With(EntityEntry entry) => this with
    {
        Status = Choose(entry, nameof(Conversation.Status), Status),
        InboundCount = Choose(entry, nameof(Conversation.InboundCount), InboundCount),
        SeenCount = Choose(entry, nameof(Conversation.SeenCount), SeenCount),
        WithdrawnCount = Choose(entry, nameof(Conversation.WithdrawnCount), WithdrawnCount),
        WithdrawnAfter = Choose(entry, nameof(Conversation.WithdrawnAfter), WithdrawnAfter),
    };

    private static T Choose<T>(EntityEntry entry, string property, T stored) =>
        entry.Property(property) is { IsModified: true } modified ? (T)modified.CurrentValue! : stored;
}
