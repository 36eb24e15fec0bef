namespace MetaMessaging.WebUI.BackOffice;

internal static class SendingLabels
{
    /// <param name="kind">The name of the rate limit that the calls count against.</param>
    public static string Calls(string kind) => kind switch
    {
        "messages" => "messages",
        "conversations" => "look-ups",
        _ => "audio and video",
    };

    public static string Usage(GraphUsageModel usage) =>
        $"Calls {Figures.Percent(usage.CallCount)}, CPU {Figures.Percent(usage.TotalCpuTime)}, time {Figures.Percent(usage.TotalTime)}";
}
