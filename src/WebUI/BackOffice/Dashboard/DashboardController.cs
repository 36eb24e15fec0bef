using MediatR;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

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
            ?? await Mediator.Send(new GetDashboard(today.AddDays(1 - DashboardPeriod.Usual), today, zone.Id), cancellationToken);
        return View(new DashboardViewModel(dashboard, from, to, zone.Id));
    }
}

/// <summary>The span the page shows: the last so many days, or from a day to a day.</summary>
public sealed class DashboardPeriod
{
    public const int Usual = 14;

    public static readonly IReadOnlyList<int> Choices = [7, Usual, 30, 90];

    public int? Days { get; set; }

    public DateOnly? From { get; set; }

    public DateOnly? To { get; set; }

    internal (DateOnly From, DateOnly To) Resolve(DateOnly today) => (From, To) switch
    {
        ({ } from, { } to) => (from, to),
        ({ } from, null) => (from, today),
        (null, { } to) => (to.AddDays(1 - Usual), to),
        _ => (today.AddDays(1 - Math.Clamp(Days ?? Usual, 1, 366)), today),
    };
}

public sealed record DashboardViewModel(DashboardModel Dashboard, DateOnly From, DateOnly To, string TimeZone)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    public string Share(int part) => Dashboard.Totals.Outbound == 0 ? "–" : $"{Math.Round(100.0 * part / Dashboard.Totals.Outbound):0} %";

    /// <summary>As people say it: 40 seconds, 3 minutes, 2 h 5 min, 3 days.</summary>
    public string FirstResponse => Dashboard.Totals.MedianFirstResponseSeconds is not { } seconds ? "–"
        : TimeSpan.FromSeconds(seconds) switch
        {
            { TotalSeconds: < 90 } span => $"{span.TotalSeconds:0} s",
            { TotalMinutes: < 60 } span => $"{span.TotalMinutes:0} min",
            { TotalHours: < 48 } span => span.Minutes == 0 ? $"{(int)span.TotalHours} h" : $"{(int)span.TotalHours} h {span.Minutes} min",
            var span => $"{span.TotalDays:0} days",
        };
}
