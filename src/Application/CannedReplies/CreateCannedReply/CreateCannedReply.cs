namespace MetaMessaging.Application.CannedReplies;

/// <summary>Adds a text that agents insert by its shortcut.</summary>
public sealed record CreateCannedReply(string? Name, string? Shortcut, string? Text)
    : IRequest<CannedReplyModel>, IRepeatable, ICannedReplyContent;

internal sealed class CreateCannedReplyValidator : AbstractValidator<CreateCannedReply>
{
    public CreateCannedReplyValidator() => Include(new CannedReplyContentValidator());
}

internal sealed class CreateCannedReplyHandler(IAppDbContext db, AuditLog audit, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<CreateCannedReply, CannedReplyModel>
{
    public async Task<CannedReplyModel> Handle(CreateCannedReply request, CancellationToken cancellationToken)
    {
        CannedReply? reply = null;
        await db.SaveChangesAsync(async token => reply = await CreateAsync(request, token), cancellationToken);
        return reply!.Adapt<CannedReplyModel>();
    }

    private async Task<CannedReply> CreateAsync(CreateCannedReply request, CancellationToken cancellationToken)
    {
        var organizationId = scope.OrganizationId!.Value;
        await db.LockShortcutAsync(organizationId, request.Shortcut!, null, cancellationToken);
        var existing = await db.CannedReplies.CountAsync(cancellationToken);
        var reply = new CannedReply(organizationId, request.Name!, request.Shortcut!, request.Text!, existing, clock.GetUtcNow());
        db.CannedReplies.Add(reply);
        await db.SaveChangesAsync(cancellationToken);

        audit.Record(
            AuditActions.CannedReplyCreated, AuditTarget.Of(reply, reply.Name),
            new AuditChange("shortcut", null, reply.Shortcut), new AuditChange("text", null, reply.Text));
        await db.SaveChangesAsync(cancellationToken);
        return reply;
    }
}
