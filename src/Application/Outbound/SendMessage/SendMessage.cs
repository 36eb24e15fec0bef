using FluentValidation;
using Mapster;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>Accepts a message and queues it; the dispatcher hands it to Meta.</summary>
/// <param name="ContactId">With <paramref name="Channel"/>, in place of a conversation.</param>
public sealed record SendMessage(long? ConversationId, string? Text, long? ContactId = null, Channel? Channel = null) : IRequest<MessageModel>;

internal sealed class SendMessageValidator : AbstractValidator<SendMessage>
{
    public SendMessageValidator()
    {
        RuleFor(m => m.ConversationId).GreaterThan(0);
        RuleFor(m => m.ConversationId).NotNull().When(m => m.ContactId is null)
            .WithMessage("Name a conversation, or a contact and a channel.");
        RuleFor(m => m.Channel).NotNull().When(m => m.ConversationId is null && m.ContactId is not null);
        RuleFor(m => m.Channel).IsInEnum();
    }
}

internal sealed class SendMessageHandler(IAppDbContext db, IDispatcher dispatcher, ICaller caller, TimeProvider clock)
    : IRequestHandler<SendMessage, MessageModel>
{
    public async Task<MessageModel> Handle(SendMessage request, CancellationToken cancellationToken)
    {
        var conversation = await FindAsync(request, cancellationToken);

        var message = conversation.Compose(request.Text, caller.Sender, clock.GetUtcNow());
        db.Messages.Add(message);
        await db.SaveChangesAsync(cancellationToken);

        dispatcher.Wake(conversation.Id);
        return message.Adapt<MessageModel>();
    }

    private async Task<Conversation> FindAsync(SendMessage request, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.Include(c => c.Connection);
        if (request.ConversationId is { } id)
        {
            return await conversations.SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
                ?? throw new NotFoundException("conversation_not_found");
        }

        if (!await db.Contacts.AnyAsync(c => c.Id == request.ContactId, cancellationToken)) throw new NotFoundException("contact_not_found");

        return await conversations.Where(c => c.ContactId == request.ContactId && c.Channel == request.Channel)
            .OrderByDescending(c => c.LastMessageAt).FirstOrDefaultAsync(cancellationToken)
            ?? throw new DomainException("recipient_unknown", "This contact has not written on that channel; Meta gives us no address for them.");
    }
}
