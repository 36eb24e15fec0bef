using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Agent)]
public sealed class InboxController(IMediator mediator, ICaller caller, TimeProvider clock) : BackOfficeController(mediator)
{
    [HttpGet("/inbox")]
    public async Task<IActionResult> Index(InboxFilter filter, CancellationToken cancellationToken) =>
        View(await PageAsync(filter, null, cancellationToken));

    [HttpGet("/inbox/{id:long}")]
    public Task<IActionResult> Conversation(long id, InboxFilter filter, long? message, CancellationToken cancellationToken) =>
        ConversationView(id, filter, new ReplyForm(), cancellationToken, message);

    [HttpGet("/inbox/rows")]
    public async Task<IActionResult> Rows(InboxFilter filter, string? cursor, long? open, CancellationToken cancellationToken)
    {
        var conversations = await Mediator.Send(filter.ToRequest(cursor), cancellationToken);
        return PartialView("_ConversationRows", new ConversationRows(filter, conversations, open));
    }

    [HttpGet("/inbox/hits")]
    public async Task<IActionResult> Hits(InboxFilter filter, string? cursor, CancellationToken cancellationToken) =>
        filter.ToSearch(cursor) is { } search
            ? PartialView("_SearchHits", new SearchHitRows(filter, await Mediator.Send(search, cancellationToken)))
            : NoContent();

    /// <summary>The answer is empty when the conversation does not match the filter.</summary>
    [HttpGet("/inbox/{id:long}/row")]
    public async Task<IActionResult> Row(long id, InboxFilter filter, long? open, CancellationToken cancellationToken) =>
        (await Mediator.Send(filter.ToRequest(id: id), cancellationToken)).Items is [var conversation]
            ? PartialView("_ConversationRow", new ConversationRow(filter, conversation, open == id))
            : NoContent();

    [HttpGet("/inbox/{id:long}/header")]
    public async Task<IActionResult> Header(long id, InboxFilter filter, CancellationToken cancellationToken)
    {
        var conversation = await Mediator.Send(new GetConversation(id), cancellationToken);
        return PartialView("_Header", await HeaderAsync(filter, conversation, cancellationToken));
    }

    [HttpGet("/inbox/{id:long}/window")]
    public async Task<IActionResult> Window(long id, CancellationToken cancellationToken) =>
        PartialView("_Window", await Mediator.Send(new GetConversation(id), cancellationToken));

    [HttpGet("/inbox/{id:long}/contact")]
    public async Task<IActionResult> Contact(long id, CancellationToken cancellationToken)
    {
        var conversation = await Mediator.Send(new GetConversation(id), cancellationToken);
        var contact = await Mediator.Send(new GetContact(conversation.Contact.Id), cancellationToken);
        return PartialView("_ContactPanel", new ConversationContactPanel(contact, id));
    }

    [HttpGet("/inbox/{id:long}/messages")]
    public async Task<IActionResult> Messages(long id, string? older, string? newer, CancellationToken cancellationToken) =>
        PartialView("_Messages", await ThreadAsync(new GetTimelinePart(id, Older: older, Newer: newer), cancellationToken));

    [HttpGet("/inbox/{id:long}/canned-replies")]
    public async Task<IActionResult> CannedReplies(long id, CancellationToken cancellationToken) =>
        PartialView("_CannedReplies", await Mediator.Send(new OfferCannedReplies(id), cancellationToken));

    [HttpGet("/inbox/messages/{id:long}")]
    public async Task<IActionResult> Message(long id, CancellationToken cancellationToken) =>
        PartialView("_Message", await Mediator.Send(new GetMessage(id), cancellationToken));

    [HttpGet("/inbox/unread")]
    public async Task<IActionResult> Unread(CancellationToken cancellationToken) =>
        Json(await Mediator.Send(new CountUnreadConversations(), cancellationToken));

    [HttpGet("/inbox/mentions")]
    public async Task<IActionResult> Mentions(CancellationToken cancellationToken) => Json(new
    {
        count = await Mediator.Send(new CountUnreadMentions(), cancellationToken),
        newest = await Mediator.Send(new FindMentionNotice(), cancellationToken),
    });

    [HttpGet("/inbox/messages/{id:long}/notice")]
    public async Task<IActionResult> Notice(long id, CancellationToken cancellationToken) =>
        await Mediator.Send(new FindMessageNotice(id), cancellationToken) is { } notice ? Json(notice) : NoContent();

    [HttpPost("/inbox/{id:long}/reply")]
    public async Task<IActionResult> Reply(long id, ReplyForm reply, InboxFilter filter, CancellationToken cancellationToken)
    {
        var messages = await TryAskAsync(reply.ToRequest(id), cancellationToken);
        if (WantsPartial) return messages is null ? Problems() : PartialView("_Messages", new ThreadPage(id, messages));
        return messages is null ? await ConversationView(id, filter, reply, cancellationToken) : RedirectToConversation(id, filter);
    }

    [HttpPost("/inbox/{id:long}/notes")]
    public async Task<IActionResult> AddNote(long id, NoteForm note, InboxFilter filter, CancellationToken cancellationToken)
    {
        var created = await TryAskAsync(note.ToRequest(id), cancellationToken);
        if (WantsPartial) return created is null ? Problems() : PartialView("_Note", created);
        return created is null
            ? await ConversationView(id, filter, new ReplyForm(), cancellationToken)
            : RedirectToConversation(id, filter);
    }

    [HttpPost("/inbox/{id:long}/notes/{noteId:long}/delete")]
    public async Task<IActionResult> DeleteNote(long id, long noteId, InboxFilter filter, CancellationToken cancellationToken)
    {
        var isDeleted = await TrySendAsync(new DeleteNote(id, noteId), cancellationToken);
        if (WantsPartial) return isDeleted ? NoContent() : Problems();
        return isDeleted ? RedirectToConversation(id, filter) : await ConversationView(id, filter, new ReplyForm(), cancellationToken);
    }

    [HttpPost("/inbox/{id:long}/typing")]
    public async Task<IActionResult> Typing(long id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new SetTyping(id, true), cancellationToken);
        return NoContent();
    }

    [HttpPost("/inbox/messages/{id:long}/retry")]
    public Task<IActionResult> Retry(long id, InboxFilter filter, CancellationToken cancellationToken) =>
        ChangeMessageAsync(id, new RetryMessage(id), filter, cancellationToken);

    [HttpPost("/inbox/messages/{id:long}/attachments/{attachmentId:long}/retry")]
    public Task<IActionResult> RetryDownload(long id, long attachmentId, InboxFilter filter, CancellationToken cancellationToken) =>
        ChangeMessageAsync(id, new RetryDownload(attachmentId), filter, cancellationToken);

    [HttpPost("/inbox/messages/{id:long}/react")]
    public Task<IActionResult> React(long id, string? emoji, InboxFilter filter, CancellationToken cancellationToken) =>
        ChangeMessageAsync(id, new ReactToMessage(id, string.IsNullOrEmpty(emoji) ? null : emoji), filter, cancellationToken);

    [HttpPost("/inbox/{id:long}/read")]
    public async Task<IActionResult> MarkRead(long id, InboxFilter filter, CancellationToken cancellationToken)
    {
        await Mediator.Send(new MarkConversationRead(id), cancellationToken);
        return WantsPartial ? NoContent() : RedirectToConversation(id, filter);
    }

    /// <summary>The conversation is left, because whoever looks at it reads it.</summary>
    [HttpPost("/inbox/{id:long}/unread")]
    public async Task<IActionResult> MarkUnread(long id, InboxFilter filter, CancellationToken cancellationToken)
    {
        await Mediator.Send(new MarkConversationUnread(id), cancellationToken);
        return WantsPartial ? NoContent() : RedirectToAction(nameof(Index), filter.ToRouteValues());
    }

    [HttpPost("/inbox/{id:long}/status")]
    public Task<IActionResult> ChangeStatus(long id, ConversationStatus status, InboxFilter filter, CancellationToken cancellationToken) =>
        ChangeConversationAsync(new UpdateConversation(id, status, null, null), filter, cancellationToken);

    [HttpPost("/inbox/{id:long}/snooze")]
    public Task<IActionResult> Snooze(long id, SnoozeChoice until, InboxFilter filter, CancellationToken cancellationToken)
    {
        var snoozedUntil = until.Until(ReaderTimeZone.Of(Request), clock.GetUtcNow());
        return ChangeConversationAsync(
            new UpdateConversation(id, ConversationStatus.Snoozed, null, snoozedUntil), filter, cancellationToken);
    }

    /// <param name="assigneeId">0 takes the assignment away.</param>
    [HttpPost("/inbox/{id:long}/assign")]
    public Task<IActionResult> Assign(long id, long assigneeId, InboxFilter filter, CancellationToken cancellationToken) =>
        ChangeConversationAsync(new UpdateConversation(id, null, assigneeId, null), filter, cancellationToken);

    private async Task<IActionResult> ChangeMessageAsync<T>(
        long id, IRequest<T> request, InboxFilter filter, CancellationToken cancellationToken)
    {
        var isAccepted = await TrySendAsync(request, cancellationToken);
        if (WantsPartial) return isAccepted ? await Message(id, cancellationToken) : Problems();

        var message = await Mediator.Send(new GetMessage(id), cancellationToken);
        return isAccepted
            ? RedirectToConversation(message.ConversationId, filter)
            : await ConversationView(message.ConversationId, filter, new ReplyForm(), cancellationToken);
    }

    private async Task<IActionResult> ChangeConversationAsync(
        UpdateConversation request, InboxFilter filter, CancellationToken cancellationToken)
    {
        var isAccepted = await TrySendAsync(request, cancellationToken);
        if (WantsPartial) return isAccepted ? await Header(request.Id, filter, cancellationToken) : Problems();

        return isAccepted
            ? RedirectToConversation(request.Id, filter)
            : await ConversationView(request.Id, filter, new ReplyForm(), cancellationToken);
    }

    /// <param name="message">The message that is shown with what surrounds it; null for the end of the conversation.</param>
    private async Task<IActionResult> ConversationView(
        long id, InboxFilter filter, ReplyForm reply, CancellationToken cancellationToken, long? message = null)
    {
        var conversation = await Mediator.Send(new GetConversation(id), cancellationToken);
        var contact = await Mediator.Send(new GetContact(conversation.Contact.Id), cancellationToken);
        var messages = await ThreadAsync(new GetTimelinePart(id, Around: message), cancellationToken);
        var header = await HeaderAsync(filter, conversation, cancellationToken);
        var mentions = await Mediator.Send(new CountUnreadMentions(id), cancellationToken);
        return View("Index", await PageAsync(filter, new(header, contact, messages, reply, mentions), cancellationToken));
    }

    private async Task<InboxViewModel> PageAsync(
        InboxFilter filter, ConversationViewModel? open, CancellationToken cancellationToken) => new(
            filter,
            await Mediator.Send(filter.ToRequest(), cancellationToken),
            open,
            await Mediator.Send(new CountUnreadMentions(), cancellationToken),
            filter.ToSearch() is { } search ? await Mediator.Send(search, cancellationToken) : null);

    private async Task<ConversationHeader> HeaderAsync(
        InboxFilter filter, ConversationModel conversation, CancellationToken cancellationToken) =>
        new(filter, conversation, caller.UserId, await Mediator.Send(new ListAssignees(), cancellationToken));

    private async Task<ThreadPage> ThreadAsync(GetTimelinePart request, CancellationToken cancellationToken) =>
        ThreadPage.Of(request, await Mediator.Send(request, cancellationToken));

    private RedirectToActionResult RedirectToConversation(long id, InboxFilter filter) =>
        RedirectToAction(nameof(Conversation), filter.ToRouteValues(("id", id)));
}
