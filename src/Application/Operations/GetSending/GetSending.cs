using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Operations;

/// <summary>How the way out is doing: what Meta refused, and what it still allows each Page.</summary>
public sealed record GetSending : IRequest<SendingModel>;

/// <param name="Queued">Messages that wait for their turn, a pause or another try.</param>
/// <param name="Sending">Messages on their way, or whose outcome is being looked for.</param>
/// <param name="Refusals">By Meta's code, the most frequent first; also those that a later try made good.</param>
/// <param name="App">What Meta says of the app as a whole; null when it has said nothing to this node.</param>
public sealed record SendingModel(
    int Queued, int Sending, int FailedLast24Hours, IReadOnlyList<RefusalCount> Refusals, GraphUsageModel? App, IReadOnlyList<PageAllowance> Pages);

/// <param name="Code">Meta's error code; null when it gave none, as with a time-out.</param>
public sealed record RefusalCount(RefusalClass Class, int? Code, int? Subcode, int Last24Hours, int Last7Days);

/// <param name="SendsPausedUntil">Meta limits the Page; null when it does not.</param>
/// <param name="Accounts">As the node sees them that answers.</param>
public sealed record PageAllowance(
    long ConnectionId, string PageId, string PageName, ConnectionState State, DateTimeOffset? SendsPausedUntil, IReadOnlyList<AccountAllowance> Accounts);

/// <param name="RestrictedUntil">Meta has restricted it, so nothing is sent until then; null when it has not.</param>
public sealed record AccountAllowance(Channel Channel, string AccountId, DateTimeOffset? RestrictedUntil, GraphAllowance Allowance);

internal sealed class GetSendingHandler(IAppDbContext db, IGraphBudget budget, TimeProvider clock) : IRequestHandler<GetSending, SendingModel>
{
    public async Task<SendingModel> Handle(GetSending request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (day, week) = (now.AddDays(-1), now - SendRefusal.Lifetime);
        var refusals = await db.SendRefusals.Where(r => r.At >= week)
            .GroupBy(r => new { r.Class, r.Code, r.Subcode })
            .Select(g => new RefusalCount(g.Key.Class, g.Key.Code, g.Key.Subcode, g.Sum(r => r.At >= day ? 1 : 0), g.Count()))
            .ToListAsync(cancellationToken);
        var connections = await db.Connections.AsNoTracking()
            .Where(c => c.State != ConnectionState.Disconnected).OrderBy(c => c.PageName).ThenBy(c => c.Id).ToListAsync(cancellationToken);
        return new SendingModel(
            await db.Messages.CountAsync(m => m.Status == MessageStatus.Queued, cancellationToken),
            await db.Messages.CountAsync(m => m.Status == MessageStatus.Sending, cancellationToken),
            await db.Messages.CountAsync(m => m.Status == MessageStatus.Failed && m.OccurredAt >= day, cancellationToken),
            [.. refusals.OrderByDescending(r => r.Last7Days).ThenBy(r => r.Code).ThenBy(r => r.Subcode)],
            budget.ReadApp(),
            connections.ConvertAll(c => RateLimitedAccountId(c, now)));
    }

    private PageAllowance RateLimitedAccountId(PageConnection connection, DateTimeOffset now) => new(
        connection.Id, connection.PageId, connection.PageName, connection.State,
        connection.SendsPausedUntil > now ? connection.SendsPausedUntil : null,
        [.. connection.Channels.Select(channel =>
            new AccountAllowance(channel, connection.RateLimitedAccountId(channel), connection.RestrictedUntil(channel, now), budget.Read(connection.RateLimitedAccountId(channel))))]);
}
