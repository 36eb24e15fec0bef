namespace MetaMessaging.Application.Outbound;

/// <summary>Sets the business's reaction to a customer's message. Meta is called first, so that only what it accepts is stored.</summary>
/// <param name="Emoji">Replaces the previous reaction; null removes it.</param>
public sealed record ReactToMessage(long MessageId, string? Emoji) : IRequest;

internal sealed class ReactToMessageValidator : AbstractValidator<ReactToMessage>
{
    public ReactToMessageValidator() =>
        RuleFor(r => r.Emoji).Must(emoji => Emoji.IsOne(emoji!)).When(r => r.Emoji is not null)
            .WithMessage("Give one emoji, or null to take the reaction back.");
}

internal sealed class ReactToMessageHandler(IAppDbContext db, AuditLog audit, IMetaMessages metaMessages, TimeProvider clock)
    : AsyncRequestHandler<ReactToMessage>
{
    protected override async Task Handle(ReactToMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Conversation.Connection).Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.MessageId, cancellationToken)
            ?? throw new NotFoundException("message_not_found");

        MessageReaction.EnsureCanReact(message, request.Emoji, clock.GetUtcNow());
        if (!await db.IsActiveAsync(message.OrganizationId, cancellationToken))
            throw new ConflictException("organization_suspended", "The organization is suspended, so nothing is sent.");
        await db.Messages.Where(m => m.Id == message.Id).LockAsync(cancellationToken);   // when nothing can be saved, Meta is not called
        await SendReactionAsync(message, request.Emoji, cancellationToken);
        message.ReactAsBusiness(request.Emoji, clock.GetUtcNow());
        await SaveAsync(message);
    }

    private async Task SendReactionAsync(Message message, string? emoji, CancellationToken cancellationToken)
    {
        var (conversation, connection) = (message.Conversation, message.Conversation.Connection);
        try
        {
            var recipient = Recipient.Of(connection, conversation.Channel, conversation.ScopedUserId);
            await metaMessages.ReactAsync(recipient, message.ExternalId!, emoji, cancellationToken);
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Token)
        {
            audit.RecordState(connection, () => connection.RequireReauthorization(exception.Refusal.Title, clock.GetUtcNow()));
            await db.SaveChangesAsync(CancellationToken.None);
            throw new ConflictException("connection_expired", exception.Refusal.Title);
        }
    }

    /// <summary>Cannot be cancelled, because Meta has accepted the reaction already.</summary>
    private async Task SaveAsync(Message message)
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException)
        {
            // Another request has added the business's first reaction at the same time, and nobody knows which of the two Meta shows.
            var exists = await db.MessageReactions.AsNoTracking()
                .AnyAsync(r => r.MessageId == message.Id && r.Actor == ReactionActor.Business);
            if (!exists) throw;
            throw new ConflictException(
                "changed_meanwhile", "Somebody else reacted to this message at the same time. Reload it and try again.");
        }
    }
}
