namespace MetaMessaging.Application.Inbound;

public sealed class ReplyLinks(IAppDbContext db, MessageLookup messages, ParkedEvents parked) : IScopedService
{
    private readonly HashSet<(long ConnectionId, string Mid)> repliesToUpdate = [];

    /// <summary>Links a new message to the one it answers: now, after the save, or when that one arrives.</summary>
    public void Link(PageConnection connection, InboundEvent inbound, Message reply)
    {
        if (reply.ReplyToExternalId is not { } answeredMid || reply.ExternalId is not { } mid || answeredMid == mid) return;

        if (messages.Find(connection, answeredMid) is not { } answered) parked.ParkReply(connection, inbound, mid, answeredMid);
        else if (answered.Id > 0) reply.LinkReplyTarget(answered);
        else LinkAfterSave(connection, mid);
    }

    /// <summary>The message that is answered has no id before the save; or the reply is older than the batch and not loaded.</summary>
    public void LinkAfterSave(PageConnection connection, string replyMid) => repliesToUpdate.Add((connection.Id, replyMid));

    public async Task UpdateMessagesAsync(CancellationToken cancellationToken)
    {
        if (repliesToUpdate.Count == 0) return;

        var connectionIds = repliesToUpdate.Select(r => r.ConnectionId).Distinct().ToList();
        var mids = repliesToUpdate.Select(r => r.Mid).ToList();
        await db.Messages
            .Where(m => connectionIds.Contains(m.ConnectionId)
                && m.ExternalId != null
                && mids.Contains(m.ExternalId)
                && m.ReplyToMessageId == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.ReplyToMessageId, m => db.Messages
                    .Where(t => t.ConnectionId == m.ConnectionId && t.ExternalId != null && t.ExternalId == m.ReplyToExternalId)
                    .Select(t => (long?)t.Id).FirstOrDefault()),
                cancellationToken);
    }
}
