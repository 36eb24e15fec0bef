namespace MetaMessaging.Application.Conversations;

/// <summary>
/// The position of an item: newest first, and at the same time Meta's policy, then the notes, the entries and the messages, each by id. As
/// a cursor it holds the id of an entry as a negative number, and that of a note as a negative number below <see cref="NoteOffset"/>.
/// </summary>
internal sealed record TimelinePosition(DateTimeOffset At, long Id) : IComparable<TimelinePosition>
{
    private const long Policy = -long.MaxValue;
    private const long NoteOffset = -(1L << 62);

    /// <summary>The position among the messages alone: behind an entry, all messages of its time follow.</summary>
    public Cursor OfMessages(string list) => new(At, Id < 0 ? long.MaxValue : Id, list);

    /// <summary>The position among the entries alone: behind a note, all entries of its time follow; behind a message, none.</summary>
    public Cursor OfEntries(string list) => new(At, Id < NoteOffset ? long.MaxValue : Id < 0 ? -Id : 0, list);

    /// <summary>The position among the notes alone: behind Meta's policy all notes of its time follow; behind others, none.</summary>
    public Cursor OfNotes(string list) => new(At, Id == Policy ? long.MaxValue : Id < NoteOffset ? NoteOffset - Id : 0, list);

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
