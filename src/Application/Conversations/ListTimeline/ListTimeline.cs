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

internal sealed class ListTimelineHandler(TimelineReader timeline) : IRequestHandler<ListTimeline, Page<TimelineItemModel>>
{
    public Task<Page<TimelineItemModel>> Handle(ListTimeline request, CancellationToken cancellationToken) =>
        timeline.OlderAsync(request, TimelinePosition.Parse(request), cancellationToken);
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
