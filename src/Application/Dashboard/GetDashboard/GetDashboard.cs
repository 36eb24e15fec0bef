using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Dashboard;

/// <summary>Message figures of a span of days in the caller's time zone, both ends included.</summary>
/// <param name="TimeZone">IANA name; UTC when absent.</param>
public sealed record GetDashboard(DateOnly? From = null, DateOnly? To = null, string? TimeZone = null) : IRequest<DashboardModel>
{
    internal const int MaxDays = 366;
}

public sealed record DashboardModel(DashboardTotals Totals, IReadOnlyList<DashboardDay> Series);

public sealed record DashboardTotals(
    int Inbound, int Outbound, int Delivered, int Read, int Failed, int NewContacts, int OpenConversations,
    double? MedianFirstResponseSeconds);

/// <param name="Delivered">Messages sent that day that are delivered by now, read ones included.</param>
public sealed record DashboardDay(DateOnly Date, Channel Channel, int Inbound, int Outbound, int Delivered, int Read, int Failed);

internal sealed class GetDashboardValidator : AbstractValidator<GetDashboard>
{
    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2100, 1, 1);

    public GetDashboardValidator()
    {
        RuleFor(d => d.TimeZone).Must(zone => zone is null || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            .WithMessage("Use an IANA time zone name, such as Europe/Berlin.");
        RuleFor(d => d.From).InclusiveBetween(Earliest, Latest)
            .WithMessage($"Use a day between {Earliest:yyyy-MM-dd} and {Latest:yyyy-MM-dd}.");
        RuleFor(d => d.To).InclusiveBetween(Earliest, Latest)
            .WithMessage($"Use a day between {Earliest:yyyy-MM-dd} and {Latest:yyyy-MM-dd}.");
        RuleFor(d => d.To).GreaterThanOrEqualTo(d => d.From).When(d => d.From is not null && d.To is not null)
            .WithMessage("The end must not be before the beginning.");
        RuleFor(d => d).Must(d => d.To!.Value.DayNumber - d.From!.Value.DayNumber <= GetDashboard.MaxDays)
            .When(d => d.From is not null && d.To is not null)
            .OverridePropertyName("to")
            .WithMessage($"At most {GetDashboard.MaxDays} days.");
    }
}

internal sealed class GetDashboardHandler(IAppDbContext db, TimeProvider clock) : IRequestHandler<GetDashboard, DashboardModel>
{
    public async Task<DashboardModel> Handle(GetDashboard request, CancellationToken cancellationToken)
    {
        var zone = request.TimeZone is { } id ? TimeZoneInfo.FindSystemTimeZoneById(id) : TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var to = request.To ?? DefaultEnd(request.From, today);
        var from = request.From ?? to.AddDays(-13);
        var (start, end) = (StartOf(from, zone), StartOf(to.AddDays(1), zone));

        var rows = await db.Messages
            .Where(m => m.OccurredAt >= start && m.OccurredAt < end)
            .Select(m => new Row(m.ConversationId, m.OccurredAt, m.Channel, m.Direction, m.Status))
            .ToListAsync(cancellationToken);
        var byDay = rows.ToLookup(r => (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(r.At, zone).DateTime), r.Channel));
        var series = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1)
            .Select(from.AddDays)
            .SelectMany(day => Enum.GetValues<Channel>(), (day, channel) => Count(day, channel, byDay[(day, channel)]))
            .ToList();

        return new DashboardModel(
            new DashboardTotals(
                series.Sum(d => d.Inbound),
                series.Sum(d => d.Outbound),
                series.Sum(d => d.Delivered),
                series.Sum(d => d.Read),
                series.Sum(d => d.Failed),
                await db.Contacts.CountAsync(c => c.CreatedAt >= start && c.CreatedAt < end, cancellationToken),
                await db.Conversations.WithStatus(ConversationStatus.Open, clock.GetUtcNow()).CountAsync(cancellationToken),
                MedianFirstResponse(rows)),
            series);
    }

    /// <summary>Today, but at most <see cref="GetDashboard.MaxDays"/> after the first day, and never before it.</summary>
    private static DateOnly DefaultEnd(DateOnly? from, DateOnly today) =>
        from is not { } first || (first <= today && today.DayNumber - first.DayNumber <= GetDashboard.MaxDays) ? today
        : first > today ? first
        : first.AddDays(GetDashboard.MaxDays);

    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);   // some zones skip midnight in spring
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DashboardDay Count(DateOnly date, Channel channel, IEnumerable<Row> rows)
    {
        var all = rows.ToList();
        var outbound = all.Where(r => r.Direction is MessageDirection.Outbound).ToList();
        return new DashboardDay(
            date, channel, all.Count - outbound.Count, outbound.Count,
            outbound.Count(r => r.Status is MessageStatus.Delivered or MessageStatus.Read),
            outbound.Count(r => r.Status is MessageStatus.Read), outbound.Count(r => r.Status is MessageStatus.Failed));
    }

    /// <summary>The time from a customer's first unanswered message to the first answer, over all such exchanges of the span.</summary>
    private static double? MedianFirstResponse(IEnumerable<Row> rows)
    {
        var waits = new List<double>();
        foreach (var conversation in rows.GroupBy(r => r.ConversationId))
        {
            DateTimeOffset? waitingSince = null;
            foreach (var row in conversation.OrderBy(r => r.At))
            {
                if (row.Direction is MessageDirection.Inbound) waitingSince ??= row.At;
                else if (waitingSince is { } since && row.Status is not MessageStatus.Failed)
                {
                    waits.Add((row.At - since).TotalSeconds);
                    waitingSince = null;
                }
            }
        }

        if (waits.Count == 0) return null;
        waits.Sort();
        var middle = waits.Count / 2;
        return int.IsOddInteger(waits.Count) ? waits[middle] : (waits[middle - 1] + waits[middle]) / 2;
    }

    private sealed record Row(long ConversationId, DateTimeOffset At, Channel Channel, MessageDirection Direction, MessageStatus Status);
}
