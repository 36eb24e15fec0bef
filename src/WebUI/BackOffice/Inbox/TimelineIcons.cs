namespace MetaMessaging.WebUI.BackOffice;

internal static class TimelineIcons
{
    public static string Of(TimelineItemType type) => type switch
    {
        TimelineItemType.Referral => "link",
        TimelineItemType.OptIn => "bell",
        TimelineItemType.AccountLinking => "plug-connected",
        TimelineItemType.Feedback => "mood-smile",
        TimelineItemType.Handover => "arrows-join",
        TimelineItemType.Policy => "alert-triangle",
        TimelineItemType.Order or TimelineItemType.Coupon => "tag",
        _ => "bolt",
    };
}
