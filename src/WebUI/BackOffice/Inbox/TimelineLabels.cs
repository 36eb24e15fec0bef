namespace MetaMessaging.WebUI.BackOffice;

internal static class TimelineLabels
{
    public static string Icon(TimelineEntryKind kind) => kind switch
    {
        TimelineEntryKind.Referral => "link",
        TimelineEntryKind.OptIn => "bell",
        TimelineEntryKind.AccountLinking => "plug-connected",
        TimelineEntryKind.Feedback => "mood-smile",
        TimelineEntryKind.Handover => "arrows-join",
        TimelineEntryKind.Order or TimelineEntryKind.Coupon => "tag",
        _ => "bolt",
    };
}
