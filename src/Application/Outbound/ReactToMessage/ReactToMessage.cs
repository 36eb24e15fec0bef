using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Outbound;

/// <summary>Puts the business's emoji on a customer's message. Meta is asked first: what it refuses is not stored, and the same again does no harm.</summary>
/// <param name="Emoji">Takes the place of the one before; null takes it back.</param>
public sealed record ReactToMessage(long MessageId, string? Emoji) : IRequest;

internal sealed class ReactToMessageValidator : AbstractValidator<ReactToMessage>
{
    public ReactToMessageValidator() =>
        RuleFor(r => r.Emoji).Must(emoji => Emoji.IsOne(emoji!)).When(r => r.Emoji is not null).WithMessage("Give one emoji, or null to take the reaction back.");
}

internal sealed class ReactToMessageHandler(IAppDbContext db, IMetaMessages metaMessages, TimeProvider clock) : AsyncRequestHandler<ReactToMessage>
{
    protected override async Task Handle(ReactToMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        message.EnsureCanReact(request.Emoji, clock.GetUtcNow());
        await TellMetaAsync(message, request.Emoji, cancellationToken);
        message.ReactAsBusiness(request.Emoji, clock.GetUtcNow());
        await SaveAsync(message);
    }

    private async Task TellMetaAsync(Message message, string? emoji, CancellationToken cancellationToken)
    {
        var (conversation, connection) = (message.Conversation, message.Conversation.Connection);
        try
        {
            var recipient = Recipient.Of(connection, conversation.Channel, conversation.ScopedUserId);
            await metaMessages.ReactAsync(recipient, message.ExternalId!, emoji, cancellationToken);
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Token)
        {
            connection.RequireReauthorization(exception.Refusal.Title);
            await db.SaveChangesAsync(CancellationToken.None);
            throw new ConflictException("connection_expired", exception.Refusal.Title);
        }
    }

    /// <summary>Never cancelled: Meta has it.</summary>
    private async Task SaveAsync(Message message)
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException)
        {
            // Somebody else was the first to react, at the same moment; which of the two Meta shows is known when one asks again.
            if (!await db.MessageReactions.AsNoTracking().AnyAsync(r => r.MessageId == message.Id && r.Actor == ReactionActor.Business)) throw;
            throw new ConflictException("changed_meanwhile", "Somebody else reacted to this message at the same time. Look again and repeat.");
        }
    }
}
