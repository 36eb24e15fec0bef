using MetaMessaging.Application.Dashboard;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Agent)]
public sealed class DashboardController(IMediator mediator, TimeProvider clock) : BackOfficeController(mediator)
{
    [HttpGet("/dashboard")]
    public async Task<IActionResult> Index(DashboardPeriod period, CancellationToken cancellationToken)
    {
        var zone = ReaderTimeZone.Of(Request);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        var (from, to) = period.Resolve(today);
        var dashboard = await TryAskAsync(new GetDashboard(from, to, zone.Id), cancellationToken)
            ?? await Mediator.Send(new GetDashboard(today.AddDays(1 - DashboardPeriod.DefaultDays), today, zone.Id), cancellationToken);
        return View(new DashboardViewModel(dashboard, from, to, zone.Id));
    }
}

/// <summary>The days that the page shows: either the last <see cref="Days"/> ones or those between two dates.</summary>
public sealed class DashboardPeriod
{
    public const int DefaultDays = 14;

    public static readonly IReadOnlyList<int> Choices = [7, DefaultDays, 30, 90];

    public int? Days { get; set; }

    public DateOnly? From { get; set; }

    public DateOnly? To { get; set; }

    internal (DateOnly From, DateOnly To) Resolve(DateOnly today) => (From, To) switch
    {
        ({ } from, { } to) => (from, to),
        ({ } from, null) => (from, today),
        (null, { } to) => (to.AddDays(1 - DefaultDays), to),
        _ => (today.AddDays(1 - Math.Clamp(Days ?? DefaultDays, 1, 366)), today),
    };
}

public sealed record DashboardViewModel(DashboardModel Dashboard, DateOnly From, DateOnly To, string TimeZone)
{
    public DashboardPeriod Period => new() { From = From, To = To };

    public int Days => To.DayNumber - From.DayNumber + 1;

    public string Share(int part) => Dashboard.Totals.Outbound == 0 ? "–" : $"{Math.Round(100.0 * part / Dashboard.Totals.Outbound):0} %";

    public string FirstResponse => Figures.Duration(Dashboard.Totals.MedianFirstResponseSeconds * 1000);
}
