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
        output.Render("span", ("class", $"status-badge tone-{tone}"), ("data-state", Value?.ToString()));
        output.Content.SetContent(text);
    }

    private static (string Text, string Tone) Describe(Enum? value) => value switch
    {
        ConnectionState.Active => ("Connected", "good"),
        ConnectionState.ReauthorizationRequired => ("Reconnect needed", "bad"),
        EventOutcomeKind.Parked => ("Waits for its message", "warn"),
        ProfileState.Pending => ("Profile on its way", "busy"),
        ProfileState.Complete => ("Profile complete", "good"),
        ProfileState.Unavailable => ("No profile from Meta", "quiet"),
        WebhookDeliveryState.Processed or EventOutcomeKind.Processed or AttachmentState.Available or ConversationStatus.Open
            or MessageStatus.Received or MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read => (value.ToString(), "good"),
        WebhookDeliveryState.Pending or AttachmentState.Pending or MessageStatus.Queued or MessageStatus.Sending =>
            (value.ToString(), "busy"),
        WebhookDeliveryState.Failed or EventOutcomeKind.Failed or AttachmentState.Failed or MessageStatus.Failed => ("Failed", "bad"),
        AttachmentState.Refused or ConversationStatus.Snoozed or OrganizationState.Suspended
            or OrganizationState.Deleting => (value.ToString(), "warn"),
        _ => (value?.ToString() ?? "", "quiet"),
    };
}
