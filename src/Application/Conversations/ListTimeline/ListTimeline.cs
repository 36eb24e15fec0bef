namespace MetaMessaging.Application.Conversations;

/// <summary>The entries of a conversation that are not messages (referrals, opt-ins, …) within a span of time, oldest first.</summary>
/// <param name="Since">Included; null for the beginning.</param>
/// <param name="Before">Not included; null for the end.</param>
public sealed record ListTimeline(long ConversationId, DateTimeOffset? Since, DateTimeOffset? Before)
    : IRequest<IReadOnlyList<TimelineEntryModel>>;

public sealed record TimelineEntryModel(long Id, TimelineEntryKind Kind, string Text, DateTimeOffset OccurredAt);

internal sealed class ListTimelineHandler(IAppDbContext db) : IRequestHandler<ListTimeline, IReadOnlyList<TimelineEntryModel>>
{
    /// <summary>Far more than the span of one page of messages holds in practice. Of more, the latest are shown.</summary>
    private const int MaxEntries = 200;

    public async Task<IReadOnlyList<TimelineEntryModel>> Handle(ListTimeline request, CancellationToken cancellationToken)
    {
        var entries = db.TimelineEntries.AsNoTracking().Where(e => e.ConversationId == request.ConversationId);
        if (request.Since is { } since) entries = entries.Where(e => e.OccurredAt >= since);
        if (request.Before is { } before) entries = entries.Where(e => e.OccurredAt < before);
        return await entries.OrderByDescending(e => e.OccurredAt).ThenByDescending(e => e.Id).Take(MaxEntries)
            .OrderBy(e => e.OccurredAt).ThenBy(e => e.Id)
            .ProjectToType<TimelineEntryModel>().ToListAsync(cancellationToken);
    }
}
