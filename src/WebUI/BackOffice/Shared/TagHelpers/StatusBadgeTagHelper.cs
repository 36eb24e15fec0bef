using MetaMessaging.Domain.Contacts;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The label of a state and its colour.</summary>
[HtmlTargetElement("status-badge", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StatusBadgeTagHelper : TagHelper
{
    public Enum? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (text, tone) = Describe(Value);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"status-badge tone-{tone}");
        output.Attributes.SetAttribute("data-state", Value?.ToString());
        output.Content.SetContent(text);
    }

    private static (string Text, string Tone) Describe(Enum? value) => value switch
    {
        ConnectionState.Active => ("Connected", "good"),
        ConnectionState.ReauthorizationRequired => ("Reconnect needed", "bad"),
        ConnectionState.Disconnected => ("Disconnected", "quiet"),
        WebhookDeliveryState.Pending => ("Pending", "busy"),
        WebhookDeliveryState.Processed => ("Processed", "good"),
        WebhookDeliveryState.Failed => ("Failed", "bad"),
        WebhookDeliveryState.Ignored => ("Ignored", "quiet"),
        EventOutcomeKind.Processed => ("Processed", "good"),
        EventOutcomeKind.Parked => ("Waits for its message", "warn"),
        EventOutcomeKind.Ignored => ("Ignored", "quiet"),
        EventOutcomeKind.Failed => ("Failed", "bad"),
        MessageStatus.Received or MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read => (value.ToString(), "good"),
        MessageStatus.Queued or MessageStatus.Sending => (value.ToString(), "busy"),
        MessageStatus.Failed => ("Failed", "bad"),
        AttachmentState.Pending => ("Pending", "busy"),
        AttachmentState.Available => ("Available", "good"),
        AttachmentState.Failed => ("Failed", "bad"),
        AttachmentState.Refused => ("Refused", "warn"),
        ConversationStatus.Open => ("Open", "good"),
        ConversationStatus.Snoozed => ("Snoozed", "warn"),
        ConversationStatus.Closed => ("Closed", "quiet"),
        ProfileState.Pending => ("Profile on its way", "busy"),
        ProfileState.Complete => ("Profile complete", "good"),
        ProfileState.Unavailable => ("No profile from Meta", "quiet"),
        _ => (value?.ToString() ?? "", "quiet"),
    };
}
