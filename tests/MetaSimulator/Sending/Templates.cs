using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// The limits of generic, button and media templates (platform reference, Send API → Quick replies, templates, sender actions).
/// </summary>
internal static class Templates
{
    private static readonly string[] ButtonTypes = ["web_url", "postback", "phone_number", "account_link", "account_unlink", "game_play"];
    private static readonly string[] MediaTypes = ["image", "video"];
    private static readonly string[] InstagramButtonTypes = ["web_url", "postback"];

    public static MessageAttachment Check(GraphCall call, Page page, Channel channel, JsonObject? payload)
    {
        if (payload is null) throw GraphErrors.MissingParameter("message[attachment][payload]");
        switch (GraphCall.AsText(payload["template_type"]))
        {
            case "generic": CheckGeneric(channel, payload); break;
            case "button": CheckButtonTemplate(channel, payload); break;
            case "media" when channel is Channel.Messenger: CheckMedia(call, page, payload); break;
            case var other:
                throw GraphErrors.InvalidParameter(
                $"Param message[attachment][payload][template_type] must be one of {{generic, button, media}} - got \"{other}\".");
        }

        return new MessageAttachment("template", Payload: (JsonObject)payload.DeepClone());
    }

    private static void CheckGeneric(Channel channel, JsonObject payload)
    {
        var elements = Elements(payload, 10);
        for (var i = 0; i < elements.Count; i++)
        {
            var name = $"message[attachment][payload][elements][{i}]";
            var element = elements[i] as JsonObject ?? throw GraphErrors.InvalidParameter($"Param {name} must be an object");
            ParameterRules.RequireText(element, name, "title", 80);
            if (GraphCall.AsText(element["subtitle"])?.Length > 80) throw GraphErrors.TooLong($"{name}[subtitle]", 80);
            if (element.Count < 2) throw GraphErrors.InvalidParameter($"Param {name} must have at least one property beside its title");
            if (element["default_action"] is JsonObject action && action.ContainsKey("title"))
                throw GraphErrors.InvalidParameter($"Param {name}[default_action] must not have a title");
            CheckButtons(channel, element["buttons"] as JsonArray, name, 3, required: false);
        }
    }

    private static void CheckButtonTemplate(Channel channel, JsonObject payload)
    {
        ParameterRules.RequireText(payload, "message[attachment][payload]", "text", 640);
        CheckButtons(channel, payload["buttons"] as JsonArray, "message[attachment][payload]", 3, required: true);
    }

    private static void CheckMedia(GraphCall call, Page page, JsonObject payload)
    {
        var element = Elements(payload, 1)[0] as JsonObject ?? [];
        var mediaType = ParameterRules.RequireOneOf(
            element["media_type"], "message[attachment][payload][elements][0][media_type]", MediaTypes);
        if (element.ContainsKey("url") == element.ContainsKey("attachment_id"))
            throw GraphErrors.InvalidParameter("Exactly one of url and attachment_id must be given");
        if (GraphCall.AsText(element["attachment_id"]) is { } id)
            call.Platform.Attachments.FindReusable(id, page.Id, Channel.Messenger, mediaType);
        CheckButtons(Channel.Messenger, element["buttons"] as JsonArray, "message[attachment][payload][elements][0]", 1, required: false);
    }

    private static JsonArray Elements(JsonObject payload, int maxCount) =>
        payload["elements"] is JsonArray { Count: > 0 } elements && elements.Count <= maxCount
        ? elements
        : throw GraphErrors.InvalidParameter($"Param message[attachment][payload][elements] must have between 1 and {maxCount} elements");

    private static void CheckButtons(Channel channel, JsonArray? buttons, string name, int maxCount, bool required)
    {
        if (buttons is null or { Count: 0 })
        {
            if (required) throw GraphErrors.MissingParameter($"{name}[buttons]");
            return;
        }

        if (buttons.Count > maxCount)
            throw GraphErrors.InvalidParameter($"Param {name}[buttons] has too many elements: at most {maxCount} are allowed");
        for (var i = 0; i < buttons.Count; i++) CheckButton(channel, buttons[i] as JsonObject ?? [], $"{name}[buttons][{i}]");
    }

    private static void CheckButton(Channel channel, JsonObject button, string name)
    {
        var types = channel is Channel.Instagram ? InstagramButtonTypes : ButtonTypes;
        var type = ParameterRules.RequireOneOf(button["type"], $"{name}[type]", types);
        if (type is "web_url" or "postback" or "phone_number") ParameterRules.RequireText(button, name, "title", 20);
        if (type is "web_url" or "account_link") ParameterRules.RequireText(button, name, "url", 2000);
        if (type is "postback" or "phone_number") ParameterRules.RequireText(button, name, "payload", 1000);
    }
}
