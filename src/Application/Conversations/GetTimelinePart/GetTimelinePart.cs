namespace MetaMessaging.Application.Conversations;

/// <summary>
/// A part of a conversation as the inbox shows it: the end, what surrounds a message, or what is older or newer than a part shown before.
/// </summary>
/// <param name="Around">A message; one that is not in the conversation, or not any more, is ignored.</param>
/// <param name="Older">A cursor of an earlier part.</param>
/// <param name="Newer">A cursor of an earlier part.</param>
public sealed record GetTimelinePart(long ConversationId, long? Around = null, string? Older = null, string? Newer = null)
    : IRequest<TimelinePart>;

/// <param name="Items">The newest first.</param>
/// <param name="Older">Null at the beginning of the conversation, and when newer items were asked for.</param>
/// <param name="Newer">Null at the end of the conversation, and when older items were asked for.</param>
public sealed record TimelinePart(IReadOnlyList<TimelineItemModel> Items, string? Older, string? Newer);

internal sealed class GetTimelinePartHandler(IAppDbContext db, TimelineReader timeline) : IRequestHandler<GetTimelinePart, TimelinePart>
{
    private const int HalfPage = 25;

    public async Task<TimelinePart> Handle(GetTimelinePart request, CancellationToken cancellationToken)
    {
        var list = new ListTimeline(request.ConversationId, Cursor: request.Newer ?? request.Older);
        var position = TimelinePosition.Parse(list);
        if (request.Newer is not null && position is not null)
        {
            var newer = await timeline.NewerAsync(list, position, cancellationToken);
            return new TimelinePart(newer.Items, null, newer.NextCursor);
        }

        if (request.Around is { } id && await FindAsync(request.ConversationId, id, cancellationToken) is { } message)
            return await AroundAsync(list with { Limit = HalfPage }, message, cancellationToken);

        var older = await timeline.OlderAsync(list, position, cancellationToken);
        return new TimelinePart(older.Items, older.NextCursor, null);
    }

    private async Task<TimelinePosition?> FindAsync(long conversationId, long messageId, CancellationToken cancellationToken) =>
        await db.Messages.Where(m => m.Id == messageId && m.ConversationId == conversationId)
            .Select(m => new TimelinePosition(m.OccurredAt, m.Id)).SingleOrDefaultAsync(cancellationToken);

    private async Task<TimelinePart> AroundAsync(ListTimeline list, TimelinePosition message, CancellationToken cancellationToken)
    {
        var older = await timeline.OlderAsync(list, message with { Id = message.Id + 1 }, cancellationToken);   // with the message
        var newer = await timeline.NewerAsync(list, message, cancellationToken);
        return new TimelinePart([.. newer.Items, .. older.Items], older.NextCursor, newer.NextCursor);
    }
}
