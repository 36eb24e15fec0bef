using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// When a message may be sent, and under which type and tag (platform reference, Send API → Request; Send API → Windows and tags).
/// </summary>
internal static class MessagingWindow
{
    private static readonly TimeSpan Standard = TimeSpan.FromHours(24);
    private static readonly TimeSpan HumanAgent = TimeSpan.FromDays(7);
    private static readonly string[] Types = ["RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"];
    private static readonly string[] DeprecatedTags = ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"];

    public static void Require(GraphCall call, Customer customer)
    {
        var type = call.Text("messaging_type");
        var tag = call.Text("tag");

        if (type is null && customer.Channel is Channel.Messenger) throw GraphErrors.MissingParameter("messaging_type");
        if (type is not null && !Types.Contains(type))
            throw GraphErrors.InvalidParameter($"Param messaging_type must be one of {{{string.Join(", ", Types)}}} - got \"{type}\".");
        if (type is "UTILITY") throw GraphErrors.InvalidParameter("Utility messages need an approved template");
        if (tag is not null) RequireTag(call, type, tag);
        else if (type is "MESSAGE_TAG") throw GraphErrors.MissingParameter("tag");

        RequireYounger(call, customer, tag is "HUMAN_AGENT" ? HumanAgent : Standard);
    }

    /// <summary>For requests that cannot carry a tag.</summary>
    public static void RequireOpen(GraphCall call, Customer customer) => RequireYounger(call, customer, Standard);

    private static void RequireYounger(GraphCall call, Customer customer, TimeSpan limit)
    {
        var age = TimeSpan.FromMilliseconds(call.Platform.Clock.NowMs - customer.LastActionAt);
        if (age > limit) throw GraphErrors.OutsideWindow(customer.Channel);
    }

    private static void RequireTag(GraphCall call, string? type, string tag)
    {
        // Since 27 April 2026 any request with one of the old tags fails, window or not.
        if (DeprecatedTags.Contains(tag)) throw GraphErrors.Refuse(100, 1893061);
        if (tag is not "HUMAN_AGENT") throw GraphErrors.InvalidParameter($"Param tag must be one of {{HUMAN_AGENT}} - got \"{tag}\".");
        if (type is not "MESSAGE_TAG") throw GraphErrors.InvalidParameter("Param tag may only be used with messaging_type MESSAGE_TAG");
        if (!call.Platform.Settings.App.HumanAgent)
            throw GraphErrors.InvalidParameter("Cannot tag messages with 'HUMAN_AGENT' without prior approval.");
    }
}
