namespace MetaMessaging.Application.Conversations;

/// <summary>Adds an internal note to a conversation. It is never sent to the customer.</summary>
/// <param name="Mentions">User ids of members whom the note names.</param>
[NotAudited("The note itself shows who wrote it, and when.")]
public sealed record CreateNote(long ConversationId, string? Text, IReadOnlyList<long>? Mentions = null) : IRequest<NoteModel>;

internal sealed class CreateNoteValidator : AbstractValidator<CreateNote>
{
    private const int MaxMentions = 50;

    public CreateNoteValidator()
    {
        RuleFor(c => c.Text).IsVisibleText().MaximumLength(Note.MaxLength);
        RuleFor(c => c.Mentions).Must(ids => ids is not { Count: > MaxMentions })
            .WithMessage($"A note mentions {MaxMentions} members at most.");
    }
}

internal sealed class CreateNoteHandler(
    IAppDbContext db, IUserAccounts accounts, ICaller caller, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<CreateNote, NoteModel>
{
    public async Task<NoteModel> Handle(CreateNote request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var mentioned = (request.Mentions ?? []).Distinct().ToList();
        var members = await db.Memberships.CountAsync(
            m => m.OrganizationId == scope.OrganizationId && m.State == MembershipState.Active && mentioned.Contains(m.UserId),
            cancellationToken);
        if (members != mentioned.Count) throw new NotFoundException("member_not_found");

        var note = new Note(
            conversation.OrganizationId, conversation.Id, caller.UserId, request.Text!.Trim(), mentioned, clock.GetUtcNow());
        db.Notes.Add(note);
        conversation.RaiseUpdated();
        await db.SaveChangesAsync(cancellationToken);
        return (await new[] { note }.ToModelsAsync(accounts, cancellationToken))[0];
    }
}
