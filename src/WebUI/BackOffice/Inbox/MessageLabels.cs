using System.Globalization;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>What messages and their parts are called on the page.</summary>
internal static class MessageLabels
{
    /// <summary>What agents can choose from, as Meta's own apps offer it.</summary>
    public static readonly IReadOnlyList<(string Emoji, string Name)> Reactions =
        [("❤️", "Love"), ("👍", "Like"), ("😆", "Laugh"), ("😮", "Wow"), ("😢", "Sad"), ("😠", "Angry"), ("🙏", "Thank you")];

    /// <summary>What kind of refusal it was, for filters and figures.</summary>
    public static string Reason(RefusalClass? refusal) => refusal switch
    {
        RefusalClass.Transient => "Temporary problem",
        RefusalClass.Rate => "Meta's limit",
        RefusalClass.Token => "Connection expired",
        RefusalClass.Permission => "Permission missing",
        RefusalClass.Window => "Reply window closed",
        RefusalClass.Recipient => "Person can't be reached",
        RefusalClass.Parameter => "Content refused",
        RefusalClass.Attachment => "File refused",
        RefusalClass.Thread => "Another app answers",
        RefusalClass.Restricted => "Page restricted",
        RefusalClass.Profile => "Profile hidden",
        RefusalClass.OutcomeUnknown => "Outcome unknown",
        _ => "Other reason",
    };

    /// <summary>Whether Settings, Integrations is where to put it right.</summary>
    public static bool IsConnectionProblem(MessageErrorModel error) => error is { Actor: RefusalActor.Admin, Class: RefusalClass.Token or RefusalClass.Permission };

    /// <summary>Who can do something about a failure, and whether trying again is it.</summary>
    public static string WhatHelps(MessageErrorModel error) => error switch
    {
        { Actor: RefusalActor.Admin } => "An admin has to act first.",
        { Actor: RefusalActor.Wait } => "Try again later.",
        { Actor: RefusalActor.Meta } => "Only Meta can change this.",
        { Retryable: true } => "You can try again.",
        _ => "Sending it again does not help.",
    };

    public static string? Author(MessageModel message) => message.Origin switch
    {
        MessageOrigin.Agent => message.Sender?.Name,
        MessageOrigin.Api => $"{message.Sender?.Name ?? "An application"} · API",
        MessageOrigin.External => message.Sender?.Name is { } app ? $"{app} · outside MetaMessaging" : "Sent outside MetaMessaging",
        _ => null,
    };

    public static (string Icon, string Name) Kind(string type) => type switch
    {
        "image" => ("photo", "Picture"),
        "video" => ("video", "Video"),
        "audio" => ("microphone", "Voice message"),
        "file" => ("file", "File"),
        "sticker" => ("sticker", "Sticker"),
        "location" => ("map-pin", "Location"),
        "story_mention" => ("at", "Mentioned you in a story"),
        "story_reply" => ("arrow-back-up", "Replied to your story"),
        "story" or "ig_story" => ("photo", "Shared a story"),
        "ephemeral" => ("eye-off", "Disappearing picture or video"),
        "appointment_booking" => ("calendar", "Appointment"),
        "share" or "post" or "ig_post" => ("link", "Shared a post"),
        "reel" or "ig_reel" => ("video", "Shared a reel"),
        "template" or "fallback" => ("link", "Shared a link"),
        _ => ("paperclip", "Attachment"),
    };

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

    /// <summary>Meta's address, when it is one that a browser may open.</summary>
    public static string? Link(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address.AbsoluteUri
            : null;

    /// <summary>Where the customer came from, in a line.</summary>
    public static string Referral(ReferralModel referral) => referral switch
    {
        { AdTitle: { Length: > 0 } title } => $"Came from the ad “{title}”",
        { AdId: { Length: > 0 } ad } => $"Came from ad {ad}",
        { ProductId: { Length: > 0 } product } => $"About product {product}",
        { Ref: { Length: > 0 } reference } => $"Came by a link (ref {reference})",
        _ => "Came by a link",
    };

    public static string Degrees(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MB"),
    };

    /// <summary>A line for the list, whoever wrote it.</summary>
    public static string Preview(MessageModel? message) => message switch
    {
        null => "No messages yet",
        { IsDeleted: true } => "Message was unsent",
        { Text.Length: > 0 } => message.Text,
        { Postback.Title.Length: > 0 } => message.Postback.Title,
        { Attachments: [var only] } => Kind(only.Type).Name,
        { Attachments.Count: > 1 } => string.Create(CultureInfo.InvariantCulture, $"{message.Attachments.Count} attachments"),
        _ => "Unsupported message",
    };
}
