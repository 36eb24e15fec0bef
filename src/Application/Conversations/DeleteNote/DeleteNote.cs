namespace MetaMessaging.Application.Conversations;

/// <summary>Deletes an internal note: the author's own, or as an admin any.</summary>
public sealed record DeleteNote(long ConversationId, long Id) : IRequest;

internal sealed class DeleteNoteHandler(IAppDbContext db, AuditLog audit, ICaller caller) : AsyncRequestHandler<DeleteNote>
{
    protected override async Task Handle(DeleteNote request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var note = await db.Notes.SingleOrDefaultAsync(n => n.Id == request.Id && n.ConversationId == conversation.Id, cancellationToken)
            ?? throw new NotFoundException("note_not_found");
        note.EnsureCanDelete(caller.UserId, caller.IsSystemAdmin || caller.Roles.HasFlag(OrganizationRoles.Admin));

        db.Notes.Remove(note);
        audit.Record(AuditActions.NoteDeleted, AuditTarget.Of(note), AuditChange.Hidden("text"));
        conversation.RaiseUpdated();
        await db.SaveChangesAsync(cancellationToken);
    }
}
