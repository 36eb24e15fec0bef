namespace MetaMessaging.Application.Operations;

/// <summary>The state of sending: messages that wait, what Meta refused, and how many calls it still allows each Page.</summary>
public sealed record GetSending : IRequest<SendingModel>;

/// <param name="Queued">Messages that wait for earlier ones, the end of a pause, or a retry.</param>
/// <param name="Sending">Messages that are being sent, or whose outcome is being checked with Meta.</param>
/// <param name="Refusals">By Meta's code, the most frequent first. Refusals that a retry overcame count as well.</param>
/// <param name="App">The usage that Meta reported for the whole app; null while it has reported none to this node.</param>
public sealed record SendingModel(
    int Queued, int Sending, int FailedLast24Hours, IReadOnlyList<RefusalCount> Refusals, GraphUsageModel? App,
    IReadOnlyList<PageAllowance> Pages);

/// <param name="Code">Meta's error code; null when it gave none, as with a time-out.</param>
public sealed record RefusalCount(RefusalClass Class, int? Code, int? Subcode, int Last24Hours, int Last7Days);

/// <param name="SendsPausedUntil">The end of a pause that Meta's rate limit caused; null when there is none.</param>
/// <param name="Accounts">As the answering node has counted them.</param>
public sealed record PageAllowance(
    long ConnectionId, string PageId, string PageName, ConnectionState State, DateTimeOffset? SendsPausedUntil,
    IReadOnlyList<AccountAllowance> Accounts);

/// <param name="RestrictedUntil">Meta has restricted the account: nothing is sent until then. Null when it has not.</param>
public sealed record AccountAllowance(Channel Channel, string AccountId, DateTimeOffset? RestrictedUntil, GraphAllowance Allowance);

internal sealed class GetSendingHandler(IAppDbContext db, OrganizationScope scope, IGraphBudget budget, TimeProvider clock)
    : IRequestHandler<GetSending, SendingModel>
{
    public async Task<SendingModel> Handle(GetSending request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (day, week) = (now.AddDays(-1), now - SendRefusal.Lifetime);
        var refusals = await db.SendRefusals.OfOrganization(scope).Where(r => r.At >= week)
            .GroupBy(r => new { r.Class, r.Code, r.Subcode })
            .Select(g => new RefusalCount(g.Key.Class, g.Key.Code, g.Key.Subcode, g.Sum(r => r.At >= day ? 1 : 0), g.Count()))
            .ToListAsync(cancellationToken);
        var connections = await db.Connections.AsNoTracking()
            .Where(c => c.State != ConnectionState.Disconnected).OrderBy(c => c.PageName).ThenBy(c => c.Id).ToListAsync(cancellationToken);
        return new SendingModel(
            await db.Messages.CountAsync(m => m.Status == MessageStatus.Queued, cancellationToken),
            await db.Messages.CountAsync(m => m.Status == MessageStatus.Sending, cancellationToken),
            await db.Messages.OfOrganization(scope)
                .CountAsync(m => m.Status == MessageStatus.Failed && m.OccurredAt >= day, cancellationToken),
            [.. refusals.OrderByDescending(r => r.Last7Days).ThenBy(r => r.Code).ThenBy(r => r.Subcode)],
            budget.ReadApp(),
            connections.ConvertAll(c => AllowanceOf(c, now)));
    }

    private PageAllowance AllowanceOf(PageConnection connection, DateTimeOffset now) => new(
        connection.Id, connection.PageId, connection.PageName, connection.State,
        connection.SendsPausedUntil > now ? connection.SendsPausedUntil : null,
        [.. connection.Channels.Select(channel => new AccountAllowance(
            channel, connection.RateLimitedAccountId(channel), connection.RestrictedUntil(channel, now),
            budget.Read(connection.RateLimitedAccountId(channel))))]);
}
