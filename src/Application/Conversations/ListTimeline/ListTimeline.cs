namespace MetaMessaging.Application.Conversations;

/// <summary>A conversation's messages and the entries between them, newest first. At the same time the message is the older one.</summary>
public sealed record ListTimeline(long ConversationId, int? Limit = null, string? Cursor = null)
    : IRequest<Page<TimelineItemModel>>, IPaged
{
    public string List => FormattableString.Invariant($"{nameof(ListTimeline)}{ConversationId}");
}

internal sealed class ListTimelineValidator : AbstractValidator<ListTimeline>
{
    public ListTimelineValidator() => Include(new PagedValidator());
}

internal sealed class ListTimelineHandler(IAppDbContext db) : IRequestHandler<ListTimeline, Page<TimelineItemModel>>
{
    public async Task<Page<TimelineItemModel>> Handle(ListTimeline request, CancellationToken cancellationToken)
    {
        var page = await db.Conversations.Where(c => c.Id == request.ConversationId).Select(c => c.Connection)
            .Select(c => new PagePolicy(c.Id, c.PageName, c.PolicyAction, c.PolicyReason, c.PolicyAt))
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var position = TimelinePosition.Parse(request);
        var messages = await db.Messages.AsNoTracking()
            .Include(m => m.Attachments).Include(m => m.Reactions)
            .Where(m => m.ConversationId == request.ConversationId)
            .ToPageAsync(request with { Cursor = position?.OfMessages(request.List) }, m => m.OccurredAt, cancellationToken);
        var entries = await db.TimelineEntries.AsNoTracking()
            .Where(e => e.ConversationId == request.ConversationId)
            .ToPageAsync(request with { Cursor = position?.OfEntries(request.List) }, e => e.OccurredAt, cancellationToken);

        var models = await db.WithQuotesAsync(messages.Items.Adapt<List<MessageModel>>(), cancellationToken);
        List<TimelineItemModel> items = [.. entries.Items.Select(TimelineItemModel.Of), .. models.Select(TimelineItemModel.Of)];
        var isEnd = messages.NextCursor is null && entries.NextCursor is null;
        if (TimelineItemModel.Of(page) is { } policy
            && !(policy.OccurredAt >= position?.At)
            && (!isEnd || items.Exists(i => i.OccurredAt < policy.OccurredAt)))
        {
            items.Add(policy);
        }

        items.Sort((a, b) => TimelinePosition.Of(a).CompareTo(TimelinePosition.Of(b)));
        var limit = request.Limit ?? Paging.DefaultLimit;
        return new Page<TimelineItemModel>(
            [.. items.Take(limit)], isEnd && items.Count <= limit ? null : TimelinePosition.Of(items[limit - 1]).ToCursor(request.List));
    }
}

/// <summary>
/// The position of an item: newest first, and at the same time Meta's policy, then the entries, then the messages, each by id. As a cursor
/// it holds the id of an entry as a negative number.
/// </summary>
internal sealed record TimelinePosition(DateTimeOffset At, long Id) : IComparable<TimelinePosition>
{
    private const long Policy = -long.MaxValue;

    /// <summary>The position among the messages alone: behind an entry, all messages of its time follow.</summary>
    public string OfMessages(string list) => new Cursor(At, Id < 0 ? long.MaxValue : Id, list).ToString();

    /// <summary>The position among the entries alone: behind a message, no entry of its time follows.</summary>
    public string OfEntries(string list) => new Cursor(At, Id < 0 ? -Id : 0, list).ToString();

    public static TimelinePosition Of(TimelineItemModel item) => new(item.OccurredAt, item.Type switch
    {
        TimelineItemType.Message => item.Id,
        TimelineItemType.Policy => Policy,
        _ => -item.Id,
    });

    /// <inheritdoc cref="Cursor.Parse"/>
    public static TimelinePosition? Parse(IPaged request) =>
        Cursor.Parse(request) is { } cursor ? new TimelinePosition(cursor.At, cursor.Id) : null;

    public int CompareTo(TimelinePosition? other)
    {
        if (other is null) return 1;
        if (At != other.At) return other.At.CompareTo(At);
        return Id < 0 != other.Id < 0 ? Id.CompareTo(other.Id) : Math.Abs(other.Id).CompareTo(Math.Abs(Id));
    }

    public string ToCursor(string list) => new Cursor(At, Id, list).ToString();
}

/// <param name="Id">Of the message or entry, among those of its kind.</param>
/// <param name="Text">One line that says it.</param>
/// <param name="Message">Set for a message.</param>
/// <param name="Referral">Set for a referral.</param>
/// <param name="OptIn">Set for an opt-in.</param>
/// <param name="Data">What Meta sent about an entry; null for a message.</param>
public sealed record TimelineItemModel(
    TimelineItemType Type,
    long Id,
    DateTimeOffset OccurredAt,
    string Text,
    MessageModel? Message,
    ReferralModel? Referral,
    OptInModel? OptIn,
    JsonElement? Data)
{
    internal static TimelineItemModel Of(MessageModel message) => new(
        TimelineItemType.Message, message.Id, message.OccurredAt, message.Preview, message, null, null, null);

    internal static TimelineItemModel Of(TimelineEntry entry) => new(
        entry.Kind, entry.Id, entry.OccurredAt, entry.Text,
        Message: null,
        entry.Kind is TimelineItemType.Referral ? ReferralModel.Parse(entry.Details) : null,
        entry.Kind is TimelineItemType.OptIn ? OptInModel.Parse(entry.Details) : null,
        JsonElement.Parse(entry.Details));

    /// <returns>Null when Meta never decided anything about the Page.</returns>
    internal static TimelineItemModel? Of(PagePolicy page) => page is { At: { } at, Action: { } action }
        ? new TimelineItemModel(
            TimelineItemType.Policy, page.ConnectionId, at,
            ConnectionProblemTexts.OfPolicy(page.PageName, action, page.Reason) ?? $"Meta no longer blocks {page.PageName}",
            null, null, null, JsonSerializer.SerializeToElement(new { action, reason = page.Reason }))
        : null;
}

/// <summary>Meta's last decision about a Page, as <see cref="PageConnection.RecordPolicyAction"/> stored it.</summary>
internal sealed record PagePolicy(long ConnectionId, string PageName, string? Action, string? Reason, DateTimeOffset? At);
