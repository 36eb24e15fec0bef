namespace MetaMessaging.Application.Members;

[NotAudited("An expired invitation can no longer be accepted.")]
public sealed record DeleteExpiredInvitations : IRecurringJob
{
    string IRecurringJob.Schedule => "40 3 * * *";
}

internal sealed class DeleteExpiredInvitationsHandler(IAppDbContext db, TimeProvider clock)
    : AsyncRequestHandler<DeleteExpiredInvitations>
{
    protected override Task Handle(DeleteExpiredInvitations request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db.Invitations.Where(i => i.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }
}
