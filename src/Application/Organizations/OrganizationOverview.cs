using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Organizations;

/// <param name="Connections">Pages that are connected.</param>
/// <param name="Messages30Days">Sent and received in the last 30 days.</param>
/// <param name="ConversationsLeft">What is still to be erased; null unless the organization is being deleted.</param>
public sealed record OrganizationOverview(
    long Id, string Name, OrganizationState State, int Members, int Connections, int Messages30Days, DateTimeOffset CreatedAt,
    int? ConversationsLeft);

internal static class OrganizationOverviews
{
    /// <summary>Without the scope's filter: a system administrator counts every organization's rows. Each count reads one index.</summary>
    public static async Task<IReadOnlyList<OrganizationOverview>> DescribeAsync(
        this IAppDbContext db, IReadOnlyList<Organization> organizations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = organizations.Select(o => o.Id).ToList();
        var firstHour = RollupSlots.SlotOf(now.AddDays(-30), RollupSlots.Hour);
        // Every organization's rows, as the summary says.
        var counts = await db.Organizations.IgnoreQueryFilters().Where(o => ids.Contains(o.Id)).Select(o => new
        {
            o.Id,
            Members = db.Memberships.Count(m => m.OrganizationId == o.Id),
            Connections = db.Connections.Count(c => c.OrganizationId == o.Id && c.State != ConnectionState.Disconnected),
            Messages = db.MessageRollups
                .Where(r => r.OrganizationId == o.Id && r.ConnectionId == 0 && r.AgentId == 0
                    && r.SlotMinutes == RollupSlots.Hour && r.Slot >= firstHour)
                .Sum(r => r.Inbound + r.Outbound),
            Conversations = o.State == OrganizationState.Deleting ? db.Conversations.Count(c => c.OrganizationId == o.Id) : (int?)null,
        }).ToDictionaryAsync(row => row.Id, cancellationToken);
        // One that has been erased since it was read has no counts any more.
        return [.. organizations.Where(o => counts.ContainsKey(o.Id)).Select(o => new OrganizationOverview(
            o.Id, o.Name, o.State, counts[o.Id].Members, counts[o.Id].Connections, counts[o.Id].Messages, o.CreatedAt,
            counts[o.Id].Conversations))];
    }
}
