using Humanizer;

namespace MetaMessaging.WebUI.BackOffice;

internal static class DeliveryLabels
{
    /// <param name="kind">The name of the event's class: "AccountLinking" is shown as "Account linking".</param>
    public static string Event(string? kind) => kind?.Humanize() ?? "Event";
}
