namespace MetaMessaging.Application.Conversations;

/// <summary>Closes, reopens, snoozes or assigns a conversation; what is absent stays as it is.</summary>
/// <param name="AssigneeId">A member of the organization; 0 takes the assignment away.</param>
[NotAudited("The conversation itself shows its status and assignee.")]
public sealed record UpdateConversation(long Id, ConversationStatus? Status, long? AssigneeId, DateTimeOffset? SnoozedUntil)
    : IRequest<ConversationModel>, IRepeatable;

internal sealed class UpdateConversationValidator : AbstractValidator<UpdateConversation>
{
    public UpdateConversationValidator()
    {
        RuleFor(u => u.Status).IsInEnum();
        RuleFor(u => u.AssigneeId).GreaterThanOrEqualTo(0);
        RuleFor(u => u.SnoozedUntil).NotNull().When(u => u.Status is ConversationStatus.Snoozed);
        RuleFor(u => u.SnoozedUntil).Null().When(u => u.Status is ConversationStatus.Open or ConversationStatus.Closed)
            .WithMessage("snoozedUntil is allowed only with the status snoozed.");
    }
}

internal sealed class UpdateConversationHandler(IAppDbContext db, IUserAccounts accounts, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<UpdateConversation, ConversationModel>
{
    public async Task<ConversationModel> Handle(UpdateConversation request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var conversation = await db.Conversations.Include(c => c.Contact).SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");

        if (request.Status is ConversationStatus.Closed) conversation.Close();
        else if (request.SnoozedUntil is { } until) conversation.Snooze(until, now);
        else if (request.Status is ConversationStatus.Open) conversation.Reopen();

        if (request.AssigneeId is { } assigneeId)
            await db.SaveChangesAsync(token => AssignAsync(conversation, assigneeId, token), cancellationToken);
        else
            await db.SaveChangesAsync(cancellationToken);
        var lastMessages = await db.LastMessagesAsync([conversation.Id], cancellationToken);
        return ConversationModel.Of(conversation, lastMessages.GetValueOrDefault(conversation.Id), now);
    }

    /// <summary>Within a transaction that locks the organization: a member who is removed at the same time gets no conversation.</summary>
    private async Task AssignAsync(Conversation conversation, long assigneeId, CancellationToken cancellationToken)
    {
        conversation.Assign(assigneeId == 0 ? null : assigneeId, await NameOfAsync(assigneeId, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<string?> NameOfAsync(long assigneeId, CancellationToken cancellationToken)
    {
        if (assigneeId == 0) return null;

        await db.Organizations.Where(o => o.Id == scope.OrganizationId).LockAsync(cancellationToken);
        var isMember = await db.Memberships.AnyAsync(
            m => m.OrganizationId == scope.OrganizationId && m.UserId == assigneeId && m.State == MembershipState.Active,
            cancellationToken);
        if (!isMember) throw new NotFoundException("member_not_found");

        var names = await accounts.NamesAsync([assigneeId], cancellationToken);
        return names.GetValueOrDefault(assigneeId);
    }
}
