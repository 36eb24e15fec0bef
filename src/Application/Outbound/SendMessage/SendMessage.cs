using System.Text.Json.Serialization;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Outbound;

/// <summary>Checks a message and queues it; the job <see cref="DeliverMessages"/> sends it to Meta.</summary>
/// <param name="ContactId">With <paramref name="Channel"/>, in place of a conversation.</param>
/// <param name="Tag">Set when a person answers after the 24 hours; not sent to Meta before.</param>
/// <param name="AgentId">The person who wrote a tagged message that is sent with an API key.</param>
/// <param name="AttachmentIds">Uploaded files; each becomes a message of its own, after the text.</param>
/// <param name="Template">Becomes the last message.</param>
[NotAudited("The message itself shows its sender and status.")]
public sealed record SendMessage(
    long? ConversationId = null, string? Text = null, long? ContactId = null, Channel? Channel = null,
    IReadOnlyList<QuickReply>? QuickReplies = null, long? ReplyToMessageId = null, MessageTag? Tag = null, long? AgentId = null,
    IReadOnlyList<long>? AttachmentIds = null, Template? Template = null) : IRequest<IReadOnlyList<MessageModel>>
{
    /// <summary>The client's own id of this request: a second request with the same key is answered, but sends nothing.</summary>
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }
}

internal sealed class SendMessageValidator : AbstractValidator<SendMessage>
{
    public SendMessageValidator()
    {
        RuleFor(m => m.ConversationId).GreaterThan(0);
        RuleFor(m => m.ConversationId).NotNull().When(m => m.ContactId is null)
            .WithMessage("Give a conversationId, or a contactId and a channel.");
        RuleFor(m => m.ContactId).Null().When(m => m.ConversationId is not null)
            .WithMessage("Give a conversationId, or a contactId and a channel: both could name different people.");
        RuleFor(m => m.Channel).NotNull().When(m => m.ConversationId is null && m.ContactId is not null);
        RuleFor(m => m.Channel).IsInEnum();
        RuleFor(m => m.Tag).IsInEnum();
        RuleFor(m => m.QuickReplies).Must(replies => replies!.Count <= QuickReply.MaxCount).When(m => m.QuickReplies is not null)
            .WithMessage($"Meta accepts {QuickReply.MaxCount} quick replies at most.");
        RuleForEach(m => m.QuickReplies).NotNull().ChildRules(reply =>
        {
            reply.RuleFor(r => r.Title).IsVisibleText().AtMostCharacters(QuickReply.MaxTitleLength);
            reply.RuleFor(r => r.Payload).NotEmpty().AtMostCharacters(QuickReply.MaxPayloadLength);
        });
        RuleFor(m => m.AttachmentIds).Must(ids => ids!.Count <= MessagingLimits.MaxFiles).When(m => m.AttachmentIds is not null)
            .WithMessage($"A send can have {MessagingLimits.MaxFiles} files at most.");
        RuleFor(m => m.AttachmentIds).Must(ids => ids!.Distinct().Count() == ids!.Count).When(m => m.AttachmentIds is not null)
            .WithMessage("Each file may be given only once.");
        RuleFor(m => m.Template!).ChildRules(TemplateRules.Check).When(m => m.Template is not null);
        RuleFor(m => m.IdempotencyKey).Length(1, IdempotencyKey.MaxKeyLength).OverridePropertyName("Idempotency-Key");
    }
}

internal sealed class SendMessageHandler(
    IAppDbContext db, Idempotency idempotency, HumanAuthor author, IDispatcher dispatcher, ICaller caller, TimeProvider clock)
    : IRequestHandler<SendMessage, IReadOnlyList<MessageModel>>
{
    public async Task<IReadOnlyList<MessageModel>> Handle(SendMessage request, CancellationToken cancellationToken)
    {
        if (await idempotency.FindAnswerAsync(request, cancellationToken) is { } earlier) return earlier;

        var conversation = await FindConversationAsync(request, cancellationToken);
        var draft = new MessageDraft(
            request.Text, request.QuickReplies, await FindReplyTargetAsync(request, conversation, cancellationToken),
            await author.IsHumanAgentAsync(request.Tag, request.AgentId, cancellationToken),
            await FindAttachmentsAsync(request, cancellationToken), request.Template?.ToDomain());
        var messages = conversation.Compose(draft, caller.Sender, clock.GetUtcNow());
        if (Tracing.CurrentContext is { } trace) foreach (var message in messages) message.KeepTrace(trace);
        db.Messages.AddRange(messages);
        idempotency.AddKey(request, messages[0].SendId!);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (request.IdempotencyKey is not null)
        {
            // The same request may have been saved at the same time. If there is no answer, the save failed for another reason.
            if (await idempotency.FindAnswerAsync(request, cancellationToken) is { } concurrent) return concurrent;
            throw;
        }

        dispatcher.Wake(conversation.Id);
        return messages.Adapt<List<MessageModel>>();
    }

    private async Task<Conversation> FindConversationAsync(SendMessage request, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.Include(c => c.Connection);
        if (request.ConversationId is { } id)
        {
            return await conversations.SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
                ?? throw new NotFoundException("conversation_not_found");
        }

        if (!await db.Contacts.AnyAsync(c => c.Id == request.ContactId, cancellationToken))
            throw new NotFoundException("contact_not_found");

        return await conversations.Where(c => c.ContactId == request.ContactId && c.Channel == request.Channel)
            .OrderByDescending(c => c.LastMessageAt).FirstOrDefaultAsync(cancellationToken)
            ?? throw new DomainException(
                "recipient_unknown", "This contact has never sent a message on this channel, so Meta has given no id to send to.");
    }

    private async Task<Message?> FindReplyTargetAsync(SendMessage request, Conversation conversation, CancellationToken cancellationToken)
    {
        if (request.ReplyToMessageId is not { } id) return null;
        return await db.Messages.SingleOrDefaultAsync(m => m.Id == id && m.ConversationId == conversation.Id, cancellationToken)
            ?? throw new NotFoundException("message_not_found");
    }

    private async Task<IReadOnlyList<MessageAttachment>> FindAttachmentsAsync(SendMessage request, CancellationToken cancellationToken)
    {
        if (request.AttachmentIds is not { Count: > 0 } ids) return [];
        var found = await db.MessageAttachments.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellationToken);
        return [.. ids.Select(id => found.GetValueOrDefault(id) ?? throw new NotFoundException("attachment_not_found"))];
    }
}
