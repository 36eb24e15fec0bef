using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// Typing, seen and reactions of the business: shown on the phone, never echoed (platform reference, Send API → Quick replies, templates,
/// sender actions).
/// </summary>
internal static class SenderActions
{
    private const int TypingMs = 20_000;

    private static readonly string[] Known = ["mark_seen", "typing_on", "typing_off", "react", "unreact"];

    private static readonly string[] AllowedParameters =
    [
        "recipient", "sender_action", "persona_id", "access_token", "appsecret_proof", "appsecret_time",
    ];

    public static JsonObject Handle(GraphCall call, Customer customer, string action)
    {
        if (!Known.Contains(action))
            throw GraphErrors.InvalidParameter($"Param sender_action must be one of {{{string.Join(", ", Known)}}} - got \"{action}\".");
        var isReaction = action is "react" or "unreact";
        var extra = call.Parameters.Select(parameter => parameter.Key)
            .FirstOrDefault(name => !AllowedParameters.Contains(name) && !(isReaction && name is "payload"));
        if (extra is not null) throw GraphErrors.InvalidParameter($"Param sender_action must not be combined with {extra}");
        if (customer.Blocked) throw GraphErrors.Refuse(551, 1545041);

        var now = call.Platform.Clock.NowMs;
        switch (action)
        {
            case "typing_on": customer.TypingUntil = now + TypingMs; break;
            case "typing_off": customer.TypingUntil = 0; break;
            case "mark_seen": customer.SeenByBusinessUpTo = now; break;
            case "react": React(call, customer, required: true); break;
            case "unreact": React(call, customer, required: false); break;
        }

        call.Platform.Live.Publish(action.StartsWith("typing", StringComparison.Ordinal) ? "typing" : "thread", customer.Id);
        return new JsonObject { ["recipient_id"] = customer.Id };
    }

    private static void React(GraphCall call, Customer customer, bool required)
    {
        var payload = call.Object("payload") ?? throw GraphErrors.MissingParameter("payload");
        var mid = GraphCall.AsText(payload["message_id"]) ?? throw GraphErrors.MissingParameter("payload[message_id]");
        if (call.Platform.FindMessage(mid) is not { IsDeleted: false, FromCustomer: true } message || message.CustomerId != customer.Id)
            throw GraphErrors.Refuse(10900);

        var reaction = GraphCall.AsText(payload["reaction"]);
        if (required && string.IsNullOrEmpty(reaction)) throw GraphErrors.MissingParameter("payload[reaction]");
        if (!required && payload.ContainsKey("reaction"))
            throw GraphErrors.InvalidParameter("Param payload[reaction] is not allowed with unreact");
        if (required) MessagingWindow.RequireOpen(call, customer);
        if (customer.ThreadOwnerAppId is { } owner && owner != call.Platform.Settings.App.Id) throw GraphErrors.Refuse(10, 2018300);
        message.BusinessReaction = required ? Accepted(customer.Channel, reaction!) : null;
    }

    /// <summary>Instagram accepts the name "love", and both channels accept an emoji; other names and texts are refused.</summary>
    private static string Accepted(Channel channel, string reaction)
    {
        if (channel is Channel.Instagram && reaction is "love") return Reactions.EmojiOf(reaction)!;

        var isOneSign = reaction.Length <= 64 && StringInfo.GetNextTextElementLength(reaction) == reaction.Length;
        return isOneSign && !reaction.EnumerateRunes().Any(Rune.IsLetter) && reaction.EnumerateRunes().Any(rune => !rune.IsAscii)
            ? reaction
            : throw GraphErrors.InvalidParameter($"Param payload[reaction] must be an emoji - got \"{reaction}\".");
    }
}
