namespace MetaMessaging.Application.Conversations;

/// <summary>What a browser's notification says about the newest note that mentions the caller; null when all of them are read.</summary>
public sealed record FindMentionNotice : IRequest<NoticeModel?>;

internal sealed class FindMentionNoticeHandler(IAppDbContext db, IUserAccounts accounts, ICaller caller)
    : IRequestHandler<FindMentionNotice, NoticeModel?>
{
    public async Task<NoticeModel?> Handle(FindMentionNotice request, CancellationToken cancellationToken)
    {
        var noteIds = db.Mentions.UnreadOf(caller.UserId).Select(m => m.NoteId);
        var note = await db.Notes.AsNoTracking().Where(n => noteIds.Contains(n.Id)).OrderByDescending(n => n.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (note is null) return null;

        var author = (await new[] { note }.ToModelsAsync(accounts, cancellationToken))[0].Author;
        return new NoticeModel(note.Id, note.ConversationId, $"{author.Name} mentioned you", note.Text);
    }
}
