namespace MetaMessaging.Application.Conversations;

/// <summary>Contacts, conversations and messages with all words of the text, the best ones first.</summary>
/// <param name="In">Null for all three, in this order.</param>
/// <param name="From">Of messages, when they were written; of contacts and conversations, the last message.</param>
public sealed record SearchInbox(
    string? Q, SearchIn? In = null, Channel? Channel = null, DateTimeOffset? From = null, DateTimeOffset? To = null, int? Limit = null,
    string? Cursor = null) : IRequest<SearchPage>, IPaged, IPeriod;

public enum SearchIn
{
    Contacts,
    Conversations,
    Messages,
}

internal sealed class SearchInboxValidator : AbstractValidator<SearchInbox>
{
    public SearchInboxValidator()
    {
        Include(new PagedValidator());
        Include(new PeriodValidator());
        RuleFor(s => s.Q).NotEmpty().MaximumLength(SearchQuery.MaxLength);
    }
}

internal sealed class SearchInboxHandler(ISearchIndex index, FoundPeople people, FoundMessages messages)
    : IRequestHandler<SearchInbox, SearchPage>
{
    public async Task<SearchPage> Handle(SearchInbox request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? Paging.DefaultLimit;
        var stages = Enum.GetValues<SearchStage>().Where(s => request.In is null || s.In() == request.In).ToList();
        var cursor = Common.Cursor.Parse(request);
        var (first, before) = cursor is null ? (stages[0], long.MaxValue) : ((SearchStage)cursor.At.UtcTicks, cursor.Id);

        var query = SearchQuery.Parse(request.Q!);
        var items = new List<(SearchStage Stage, long Position, SearchItem Item)>();
        (SearchStage Stage, long Before)? next = null;
        foreach (var stage in stages.Where(s => s >= first))
        {
            // One more than asked for tells whether there is a next page.
            var part = stage.In() is SearchIn.Messages
                ? await messages.FindAsync(request, query, stage, before, limit + 1 - items.Count, cancellationToken)
                : await people.FindAsync(request, query, stage, before, limit + 1 - items.Count, cancellationToken);
            items.AddRange(part.Items.Select(i => (stage, i.Position, i.Item)));
            if (items.Count > limit)
            {
                next = (items[limit - 1].Stage, items[limit - 1].Position);
                break;
            }

            if (part.Next is { } position)
            {
                next = (stage, position);
                break;
            }

            before = long.MaxValue;
        }

        return new SearchPage(
            [.. items.Take(limit).Select(i => i.Item)],
            next is { } n ? ToCursor(request, n.Stage, n.Before) : null,
            await index.FindGapAsync(cancellationToken));
    }

    private static string ToCursor(IPaged request, SearchStage stage, long before) =>
        new Cursor(new DateTimeOffset((long)stage, TimeSpan.Zero), before, request.List).ToString();
}

/// <summary>The order of the hits; within one, the newest come first.</summary>
internal enum SearchStage
{
    Contacts,
    ContactsByPart,
    Conversations,
    ConversationsByPart,
    Messages,
    Attachments,
    MessagesByPart,
    AttachmentsByPart,
}

internal static class SearchStages
{
    public static bool IsWholeWords(this SearchStage stage) =>
        stage is SearchStage.Contacts or SearchStage.Conversations or SearchStage.Messages or SearchStage.Attachments;

    public static SearchIn In(this SearchStage stage) => stage switch
    {
        SearchStage.Contacts or SearchStage.ContactsByPart => SearchIn.Contacts,
        SearchStage.Conversations or SearchStage.ConversationsByPart => SearchIn.Conversations,
        _ => SearchIn.Messages,
    };
}

/// <param name="Next">Hits of the stage with a lower position come next; null when there are none.</param>
internal sealed record SearchPart(IReadOnlyList<(long Position, SearchItem Item)> Items, long? Next);

/// <param name="Gap">What of the history this answer leaves out; null when nothing is.</param>
public sealed record SearchPage(IReadOnlyList<SearchItem> Items, string? NextCursor, SearchGap? Gap);

/// <param name="Snippet">HTML: the text around the hit, escaped, with each hit in a mark element.</param>
/// <param name="ConversationId">Of a contact, the latest conversation; null when there is none.</param>
/// <param name="MessageId">Set for a message.</param>
/// <param name="NoteId">Set for a conversation that was found by a note.</param>
/// <param name="Direction">Set for a message.</param>
/// <param name="OccurredAt">Of a message, when it was written; of others, the last message.</param>
public sealed record SearchItem(
    SearchItemType Type, string Snippet, long? ConversationId, long? MessageId, long? NoteId, ConversationContact Contact, Channel? Channel,
    MessageDirection? Direction, DateTimeOffset OccurredAt);

public enum SearchItemType
{
    Contact,
    Conversation,
    Message,
}
