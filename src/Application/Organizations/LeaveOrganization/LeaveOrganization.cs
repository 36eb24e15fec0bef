namespace MetaMessaging.Application.Organizations;

/// <summary>Ends a system administrator's visit: the session works in their first organization again, if there is one.</summary>
[NotAudited("Entering is in the audit log; leaving changes nothing.")]
public sealed record LeaveOrganization(long SessionId) : IRequest;

internal sealed class LeaveOrganizationHandler(IAppDbContext db, ILiveConnections live) : AsyncRequestHandler<LeaveOrganization>
{
    protected override async Task Handle(LeaveOrganization request, CancellationToken cancellationToken)
    {
        await db.UserSessions.Where(s => s.Id == request.SessionId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.OrganizationId, (long?)null), cancellationToken);
        live.Close(new LiveCaller(request.SessionId, ApiKeyId: null));
    }
}
