namespace MetaMessaging.Application.CannedReplies;

/// <summary>Replaces a canned reply's name, shortcut and text.</summary>
public sealed record UpdateCannedReply(long Id, string? Name, string? Shortcut, string? Text)
    : IRequest<CannedReplyModel>, IRepeatable, ICannedReplyContent;

internal sealed class UpdateCannedReplyValidator : AbstractValidator<UpdateCannedReply>
{
    public UpdateCannedReplyValidator() => Include(new CannedReplyContentValidator());
}

internal sealed class UpdateCannedReplyHandler(IAppDbContext db, AuditLog audit) : IRequestHandler<UpdateCannedReply, CannedReplyModel>
{
    public async Task<CannedReplyModel> Handle(UpdateCannedReply request, CancellationToken cancellationToken)
    {
        var reply = await db.CannedReplies.SingleOrDefaultAsync(r => r.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("canned_reply_not_found");
        await db.SaveChangesAsync(async token =>
        {
            await db.LockShortcutAsync(reply.OrganizationId, request.Shortcut!, reply.Id, token);
            var (name, shortcut, text) = (reply.Name, reply.Shortcut, reply.Text);
            reply.Change(request.Name!, request.Shortcut!, request.Text!);
            audit.Record(
                AuditActions.CannedReplyChanged, AuditTarget.Of(reply, reply.Name), new AuditChange("name", name, reply.Name),
                new AuditChange("shortcut", shortcut, reply.Shortcut), new AuditChange("text", text, reply.Text));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        return reply.Adapt<CannedReplyModel>();
    }
}
