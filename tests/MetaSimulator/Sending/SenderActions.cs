using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Customers;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Typing, seen and reactions of the business: shown on the phone, never echoed (platform reference §3.5).</summary>
internal static class SenderActions
{
    private const int TypingMs = 20_000;

    private static readonly string[] Known = ["mark_seen", "typing_on", "typing_off", "react", "unreact"];

    public static JsonObject Handle(GraphCall call, Customer customer, string action)
    {
        if (!Known.Contains(action)) throw GraphErrors.InvalidParameter($"Param sender_action must be one of {{{string.Join(", ", Known)}}} - got \"{action}\".");
        if (call.Parameters.ContainsKey("message")) throw GraphErrors.InvalidParameter("Param sender_action must not be combined with a message");
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
        if (call.Platform.FindMessage(mid) is not { IsDeleted: false } message || message.CustomerId != customer.Id) throw GraphErrors.Refuse(10900);

        var reaction = GraphCall.AsText(payload["reaction"]);
        if (required && string.IsNullOrEmpty(reaction)) throw GraphErrors.MissingParameter("payload[reaction]");
        message.BusinessReaction = required ? Reactions.Emoji(reaction!) ?? reaction : null;
    }
}
