namespace MetaMessaging.Application.Conversations;

/// <summary>The failed messages of all conversations, newest first.</summary>
/// <param name="Status">Has to be failed: other messages are listed by conversation.</param>
public sealed record ListFailedMessages(
    MessageStatus? Status = MessageStatus.Failed, Channel? Channel = null, long? ConnectionId = null, RefusalClass? Class = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, int? Limit = null,
    string? Cursor = null) : IRequest<Page<FailedMessage>>, IPaged, IFailedMessagesFilter;

/// <param name="Class">The kind of refusal; null for messages that failed before it was stored.</param>
public sealed record FailedMessage(
    MessageModel Message, RefusalClass? Class, ConversationContact Contact, long ConnectionId, string PageName);

internal sealed class ListFailedMessagesValidator : AbstractValidator<ListFailedMessages>
{
    public ListFailedMessagesValidator()
    {
        Include(new PagedValidator());
        RuleFor(l => l.Status).Equal(MessageStatus.Failed)
            .WithMessage("Only failed messages can be listed for all conversations: use status=failed.");
        Include(new FailedMessagesFilterValidator());
    }
}

internal sealed class ListFailedMessagesHandler(IAppDbContext db, OrganizationScope scope)
    : IRequestHandler<ListFailedMessages, Page<FailedMessage>>
{
    public async Task<Page<FailedMessage>> Handle(ListFailedMessages request, CancellationToken cancellationToken)
    {
        var failed = await db.Messages.OfOrganization(scope).AsNoTracking()
            .FailedMatching(request)
            .Include(m => m.Attachments)
            .Include(m => m.Reactions)
            .Include(m => m.Conversation.Contact)
            .Include(m => m.Conversation.Connection)
            .ToPageAsync(request, message => message.OccurredAt, cancellationToken);
        return failed.Select(message => new FailedMessage(
            message.Adapt<MessageModel>(), message.Error?.Class, ConversationContact.Of(message.Conversation), message.ConnectionId,
            message.Conversation.Connection.PageName));
    }
}
