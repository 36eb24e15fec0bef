using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

internal static class MessageTimes
{
    /// <summary>The times that are known of a message, in the order in which they usually pass.</summary>
    public static IEnumerable<(string Name, DateTimeOffset At)> Of(MessageTrace message)
    {
        var outbound = message.Direction is MessageDirection.Outbound;
        return
            from time in new (string Name, DateTimeOffset? At)[]
            {
                (outbound ? "Accepted" : "Meta's time", message.OccurredAt),
                ("Received", message.Delivery?.ReceivedAt),
                ("Stored", message.StoredAt),
                ("Sent", outbound ? message.SentAt : null),
                ("Delivered", message.DeliveredAt),
                ("Read", message.ReadAt),
                ("Edited", message.EditedAt),
                ("Unsent", message.DeletedAt),
            }
            where time.At is not null
            select (time.Name, time.At!.Value);
    }
}
