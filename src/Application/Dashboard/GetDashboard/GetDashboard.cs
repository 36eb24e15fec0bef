using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>Message figures of a span of days in the caller's time zone, both ends included.</summary>
/// <param name="TimeZone">IANA name; UTC when absent.</param>
/// <param name="ConnectionId">Counts the messages of this connection alone.</param>
/// <param name="AgentId">Counts the messages that this member sent.</param>
public sealed record GetDashboard(
    DateOnly? From = null, DateOnly? To = null, string? TimeZone = null, long? ConnectionId = null, long? AgentId = null)
    : IRequest<DashboardModel>
{
    internal const int MaxDays = 366;
}

/// <param name="IsComplete">False after an update, until the messages from before it are counted.</param>
public sealed record DashboardModel(DashboardTotals Totals, IReadOnlyList<DashboardDay> Series, bool IsComplete);

/// <param name="NewContacts">Of the whole organization, as <paramref name="OpenConversations"/>, which are those of this moment.</param>
/// <param name="MedianFirstResponseSeconds">From a customer's first unanswered message to the first answer, of all answers of the span.
/// Within a few per cent, because waits are kept in classes that are 9 % wide.</param>
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
        RuleFor(d => d.ConnectionId).GreaterThan(0);
        RuleFor(d => d.AgentId).GreaterThan(0);
        RuleFor(d => d.AgentId).Null().When(d => d.ConnectionId is not null).WithMessage("Give either a connection or an agent.");
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

internal sealed class GetDashboardHandler(IAppDbContext db, RollupReader rollups, TimeProvider clock)
    : IRequestHandler<GetDashboard, DashboardModel>
{
    public async Task<DashboardModel> Handle(GetDashboard request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var zone = request.TimeZone is { } id ? TimeZoneInfo.FindSystemTimeZoneById(id) : TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var to = request.To ?? DefaultEnd(request.From, today);
        var from = request.From ?? to.AddDays(-13);
        var days = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays)
            .Select(day => new RollupDay(day, StartOf(day, zone), StartOf(day.AddDays(1), zone))).ToList();
        var of = new RollupFilter(request.ConnectionId ?? 0, request.AgentId ?? 0);

        var series = await rollups.ReadDaysAsync(days, of, cancellationToken);
        var snoozesEnded = await db.Conversations
            .CountAsync(c => c.Status == ConversationStatus.Snoozed && c.SnoozedUntil <= now, cancellationToken);
        return new DashboardModel(
            new DashboardTotals(
                series.Sum(d => d.Inbound),
                series.Sum(d => d.Outbound),
                series.Sum(d => d.Delivered),
                series.Sum(d => d.Read),
                series.Sum(d => d.Failed),
                await rollups.ReadNewContactsAsync(days[0].From, days[^1].To, cancellationToken),
                await db.CountAsync(CounterName.OpenConversations, cancellationToken) + snoozesEnded,
                await rollups.ReadMedianResponseAsync(days[0].From, days[^1].To, of, cancellationToken)),
            series,
            IsComplete: await db.CountAsync(CounterName.OutdatedRollups, cancellationToken) == 0);
    }

    /// <summary>Today, but at most <see cref="GetDashboard.MaxDays"/> after the first day, and never before it.</summary>
    private static DateOnly DefaultEnd(DateOnly? from, DateOnly today) =>
        from is not { } first || (first <= today && today.DayNumber - first.DayNumber <= GetDashboard.MaxDays) ? today
        : first > today ? first
        : first.AddDays(GetDashboard.MaxDays);

    private static int StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);   // some zones skip midnight in spring
        return RollupSlots.SlotOf(new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)), RollupSlots.QuarterHour);
    }
}
