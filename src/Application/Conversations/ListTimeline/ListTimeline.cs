namespace MetaMessaging.Application.Conversations;

/// <summary>
/// A conversation's messages, notes and the entries between them, newest first. At the same time the message is the oldest one.
/// </summary>
public sealed record ListTimeline(long ConversationId, int? Limit = null, string? Cursor = null)
    : IRequest<Page<TimelineItemModel>>, IPaged
{
    public string List => FormattableString.Invariant($"{nameof(ListTimeline)}{ConversationId}");
}

internal sealed class ListTimelineValidator : AbstractValidator<ListTimeline>
{
    public ListTimelineValidator() => Include(new PagedValidator());
}

internal sealed class ListTimelineHandler(IAppDbContext db, IUserAccounts accounts) : IRequestHandler<ListTimeline, Page<TimelineItemModel>>
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
        var notes = await db.Notes.AsNoTracking().Include(n => n.Mentions)
            .Where(n => n.ConversationId == request.ConversationId)
            .ToPageAsync(request with { Cursor = position?.OfNotes(request.List) }, n => n.CreatedAt, cancellationToken);

        var models = await db.WithQuotesAsync(messages.Items.Adapt<List<MessageModel>>(), cancellationToken);
        var noteModels = await notes.Items.ToModelsAsync(accounts, cancellationToken);
        List<TimelineItemModel> items =
        [
            .. entries.Items.Select(TimelineItemModel.Of), .. models.Select(TimelineItemModel.Of),
            .. noteModels.Select(TimelineItemModel.Of),
        ];
        var isEnd = messages.NextCursor is null && entries.NextCursor is null && notes.NextCursor is null;
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
/// The position of an item: newest first, and at the same time Meta's policy, then the notes, the entries and the messages, each by id. As
/// a cursor it holds the id of an entry as a negative number, and that of a note as a negative number below <see cref="NoteOffset"/>.
/// </summary>
internal sealed record TimelinePosition(DateTimeOffset At, long Id) : IComparable<TimelinePosition>
{
    private const long Policy = -long.MaxValue;
    private const long NoteOffset = -(1L << 62);

    /// <summary>The position among the messages alone: behind an entry, all messages of its time follow.</summary>
    public string OfMessages(string list) => new Cursor(At, Id < 0 ? long.MaxValue : Id, list).ToString();

    /// <summary>The position among the entries alone: behind a note, all entries of its time follow; behind a message, none.</summary>
    public string OfEntries(string list) =>
        new Cursor(At, Id < NoteOffset ? long.MaxValue : Id < 0 ? -Id : 0, list).ToString();

    /// <summary>The position among the notes alone: behind Meta's policy all notes of its time follow; behind others, none.</summary>
    public string OfNotes(string list) =>
        new Cursor(At, Id == Policy ? long.MaxValue : Id < NoteOffset ? NoteOffset - Id : 0, list).ToString();

    public static TimelinePosition Of(TimelineItemModel item) => new(item.OccurredAt, item.Type switch
    {
        TimelineItemType.Message => item.Id,
        TimelineItemType.Policy => Policy,
        TimelineItemType.Note => NoteOffset - item.Id,
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

/// <param name="Id">Of the message, note or entry, among those of its kind.</param>
/// <param name="Text">One line that says it; of a note, its whole text.</param>
/// <param name="Message">Set for a message.</param>
/// <param name="Referral">Set for a referral.</param>
/// <param name="OptIn">Set for an opt-in.</param>
/// <param name="Data">What Meta sent about an entry; null for a message and a note.</param>
/// <param name="Note">Set for a note, which the customer does not see.</param>
public sealed record TimelineItemModel(
    TimelineItemType Type,
    long Id,
    DateTimeOffset OccurredAt,
    string Text,
    MessageModel? Message,
    ReferralModel? Referral,
    OptInModel? OptIn,
    JsonElement? Data,
    NoteModel? Note = null)
{
    internal static TimelineItemModel Of(MessageModel message) => new(
        TimelineItemType.Message, message.Id, message.OccurredAt, message.Preview, message, null, null, null);

    internal static TimelineItemModel Of(NoteModel note) => new(
        TimelineItemType.Note, note.Id, note.CreatedAt, note.Text, null, null, null, null, note);

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
