namespace MetaMessaging.WebUI.BackOffice;

public enum SnoozeChoice
{
    Hour,
    Tomorrow,
    NextWeek,
}

internal static class SnoozeChoices
{
    private static readonly TimeOnly Morning = new(9, 0);

    /// <summary>The end of the snooze: in an hour, or at nine in the agent's time zone, tomorrow or next Monday.</summary>
    public static DateTimeOffset Until(this SnoozeChoice choice, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (choice is SnoozeChoice.Hour) return now.AddHours(1);

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = choice is SnoozeChoice.Tomorrow ? today.AddDays(1) : today.AddDays(7 - (((int)today.DayOfWeek + 6) % 7));
        var morning = day.ToDateTime(Morning);
        return new DateTimeOffset(morning, zone.GetUtcOffset(morning)).ToUniversalTime();
    }
}
