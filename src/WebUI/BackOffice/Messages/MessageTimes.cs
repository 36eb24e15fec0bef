using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

internal static class MessageTimes
{
    /// <summary>The times that are known of a message, in the order in which they usually pass.</summary>
    public static IEnumerable<(string Name, DateTimeOffset At)> Of(MessageTrace message)
    {
        var outbound = message.Direction is MessageDirection.Outbound;
        return Known(
            (outbound ? "Accepted" : "Meta's time", message.OccurredAt), ("Received", message.Delivery?.ReceivedAt),
            ("Stored", message.StoredAt), ("Sent", outbound ? message.SentAt : null), ("Delivered", message.DeliveredAt),
            ("Read", message.ReadAt), ("Edited", message.EditedAt), ("Unsent", message.DeletedAt));
    }

    public static IEnumerable<(string Name, DateTimeOffset At)> OfSending(MessageTrace message) => Known(
        ("Last try", message.LastAttemptAt), ("Next try", message.NextAttemptAt), ("Claimed until", message.ClaimedUntil));

    private static IEnumerable<(string Name, DateTimeOffset At)> Known(params (string Name, DateTimeOffset? At)[] times) =>
        from time in times where time.At is not null select (time.Name, time.At!.Value);
}
