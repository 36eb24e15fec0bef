namespace MetaMessaging.Application.Conversations;

/// <summary>The inbox, newest activity first.</summary>
/// <param name="Assignee">me, none, or a user's id.</param>
/// <param name="Q">Words of the contact's name, an Instagram user name, a PSID or IGSID, or words of notes and messages.</param>
/// <param name="QInMessages">False leaves words of messages out.</param>
/// <param name="Mentioned">Whether a note mentions the caller that the caller has not read.</param>
/// <param name="Id">Only this conversation, if it matches the other filters: an open list asks whether it belongs in the list.</param>
public sealed record ListConversations(
    Channel? Channel = null, ConversationStatus? Status = null, string? Assignee = null, bool? Unread = null, string? Q = null,
    int? Limit = null, string? Cursor = null, long? Id = null, long? ConnectionId = null, bool? Mentioned = null,
    bool QInMessages = true)
    : IRequest<Page<ConversationModel>>, IPaged;

internal sealed class ListConversationsValidator : AbstractValidator<ListConversations>
{
    public ListConversationsValidator()
    {
        Include(new PagedValidator());
        RuleFor(l => l.Q).MaximumLength(SearchQuery.MaxLength);
        RuleFor(l => l.Assignee).Must(a => a is null or "me" or "none" || long.TryParse(a, out _))
            .WithMessage("Use 'me', 'none' or a user's id.");
    }
}

internal sealed class ListConversationsHandler(
    IAppDbContext db, SearchReader search, ICaller caller, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<ListConversations, Page<ConversationModel>>
{
    public async Task<Page<ConversationModel>> Handle(ListConversations request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var conversations = Matching(request);
        if (!string.IsNullOrEmpty(request.Q))
        {
            var found = await search.FindConversationsAsync(request.Q, request.QInMessages, cancellationToken);
            conversations = conversations.Where(c => found.Contains(c.Id));
        }

        var page = await conversations.ByStatus(request.Status, now).NewestOfEach(request, c => c.LastMessageAt).AsNoTracking()
            .Include(c => c.Contact)
            .ToPageAsync(request, conversation => conversation.LastMessageAt, cancellationToken);
        var lastMessages = await db.LastMessagesAsync([.. page.Items.Select(c => c.Id)], cancellationToken);
        return page.Select(c => ConversationModel.Of(c, lastMessages.GetValueOrDefault(c.Id), now));
    }

    private IQueryable<Conversation> Matching(ListConversations request)
    {
        var conversations = request.Id is null && request.Mentioned is not true && string.IsNullOrEmpty(request.Q)
            ? db.Conversations.OfOrganization(scope)
            : db.Conversations;   // few ids are known, and the primary key finds them
        if (request.Id is { } id) conversations = conversations.Where(c => c.Id == id);
        if (request.ConnectionId is { } connectionId) conversations = conversations.Where(c => c.ConnectionId == connectionId);
        if (request.Channel is { } channel) conversations = conversations.Where(c => c.Channel == channel);
        if (request.Unread is { } unread) conversations = conversations.WithUnread(unread);
        if (request.Mentioned is { } isMentioned)
        {
            var mentions = db.Mentions.UnreadOf(caller.UserId).Select(m => m.ConversationId);
            conversations = isMentioned
                ? conversations.Where(c => mentions.Contains(c.Id))
                : conversations.Where(c => !mentions.Contains(c.Id));
        }

        if (request.Assignee is "none") conversations = conversations.Where(c => c.AssigneeId == null);
        else if (request.Assignee is { } assignee)
        {
            var userId = assignee == "me" ? caller.UserId : long.Parse(assignee, CultureInfo.InvariantCulture);
            conversations = conversations.Where(c => c.AssigneeId == userId);
        }

        return conversations;
    }
}
