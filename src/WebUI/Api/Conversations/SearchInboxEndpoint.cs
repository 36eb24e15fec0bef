using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class SearchInboxEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/search", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Searches contacts, conversations and messages, best hits first")
        .WithParameterExample("q", "order 4711").WithParameterExample("in", "messages")
        .WithDescription(
            "A hit has all words of `q`, in any order, whatever their case or accents; nothing in `q` is an operator. Whole words come "
            + "before parts of words, which have three letters at least, and newer hits before older ones. `in`: contacts are found by "
            + "name, Instagram user name, PSID and IGSID, also by two letters; conversations by their contact and by notes; "
            + "messages by text, title and file name. Without `in` all three follow each other in this order. `from` is inclusive, `to` "
            + "exclusive: when a message was written, or the last message of a conversation. Of contacts and notes the 500 newest that "
            + "match are searched. `snippet` is HTML: the escaped text around the hit, with each hit in `<mark>`. A page may have fewer "
            + "items than `limit` and a `nextCursor` all the same. `gap` tells what the answer leaves out: `indexing` while the index is "
            + "being built, `noFullText` on a SQL Server without full-text search, where only the newest messages are searched.")
        .WithExamples(new SearchPage(
            [
                new SearchItem(
                    SearchItemType.Message, "Where is my <mark>order</mark> <mark>4711</mark>?", 12, 77, null,
                    new ConversationContact(5, "Anna Lind", "/api/contacts/5/avatar"), Channel.FacebookMessenger, MessageDirection.Inbound,
                    ExampleValues.At),
            ], null, null));

    private static async Task<Ok<SearchPage>> HandleAsync(
        string? q, QueryEnum<SearchIn>? @in, QueryEnum<Channel>? channel, DateTimeOffset? from, DateTimeOffset? to, int? limit,
        string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new SearchInbox(q, @in?.Value, channel?.Value, from, to, limit, cursor), cancellationToken));
}
