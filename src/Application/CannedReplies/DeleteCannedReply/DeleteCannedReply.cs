namespace MetaMessaging.Application.CannedReplies;

/// <summary>Deletes a canned reply. Messages that were sent with it stay.</summary>
public sealed record DeleteCannedReply(long Id) : IRequest;

internal sealed class DeleteCannedReplyHandler(IAppDbContext db, AuditLog audit) : AsyncRequestHandler<DeleteCannedReply>
{
    protected override async Task Handle(DeleteCannedReply request, CancellationToken cancellationToken)
    {
        var reply = await db.CannedReplies.SingleOrDefaultAsync(r => r.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("canned_reply_not_found");
        db.CannedReplies.Remove(reply);
        audit.Record(
            AuditActions.CannedReplyDeleted, AuditTarget.Of(reply, reply.Name),
            new AuditChange("shortcut", reply.Shortcut, null), new AuditChange("text", reply.Text, null));
        await db.SaveChangesAsync(cancellationToken);
    }
}
