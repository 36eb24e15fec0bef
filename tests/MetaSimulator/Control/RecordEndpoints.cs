using MetaMessaging.MetaSimulator.Sending;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>The messages that the platform accepted, and the calls that it received.</summary>
internal static class RecordEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapGet("/accepted", Find);
        sim.MapGet("/accepted/summary", Summarise);
        sim.MapDelete("/accepted", (Platform platform) => platform.Accepted.Clear());
        sim.MapGet("/calls", (Platform platform, string? operation, int? limit) => platform.Calls.All
            .Where(call => operation is null || string.Equals(call.Operation, operation, StringComparison.OrdinalIgnoreCase))
            .TakeLast(limit ?? 1000));
        sim.MapDelete("/calls", (Platform platform) => platform.Calls.Clear());
    }

    private static IEnumerable<AcceptedMessage> Find(
        Platform platform,
        string? recipientId,
        string? pageId,
        string? metadata,
        string? text) => platform.Accepted.All
        .Where(message => (recipientId is null || message.RecipientId == recipientId) && (pageId is null || message.PageId == pageId)
            && (metadata is null || message.Metadata == metadata) && (text is null || message.Text == text));

    /// <summary>A metadata that was accepted twice is a message that the customer received twice.</summary>
    private static object Summarise(Platform platform)
    {
        var all = platform.Accepted.All;
        var byMetadata = all.Where(message => message.Metadata is not null).GroupBy(message => message.Metadata!).ToList();
        return new
        {
            total = all.Count,
            withoutMetadata = all.Count(message => message.Metadata is null),
            distinctMetadata = byMetadata.Count,
            duplicates = byMetadata.Where(group => group.Count() > 1)
                .Select(group => new { metadata = group.Key, count = group.Count(), mids = group.Select(message => message.Mid) }),
            byRecipient = all.GroupBy(message => message.RecipientId)
                .Select(group => new { recipientId = group.Key, count = group.Count() }),
        };
    }
}
