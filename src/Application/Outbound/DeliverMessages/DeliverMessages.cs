namespace MetaMessaging.Application.Outbound;

/// <summary>Sends a conversation's queued messages, oldest first, up to the first that cannot be sent now; a failed part of a send holds
/// back only that send. Runs any number of times, on any node: the claim on the row decides who sends.</summary>
public sealed record DeliverMessages(long ConversationId) : IJob;

/// <summary>An echo confirmed a message whose outcome was unknown, so the messages behind it can be sent.</summary>
internal sealed class DeliverMessagesWhenConfirmed(IDispatcher dispatcher) : NotificationHandler<Happened<MessageConfirmed>>
{
    protected override void Handle(Happened<MessageConfirmed> notification) =>
        dispatcher.Wake(notification.Event.Message.ConversationId);
}

internal sealed class DeliverMessagesHandler(SendBatch batch, MessageSender sender, IDispatcher dispatcher)
    : AsyncRequestHandler<DeliverMessages>
{
    /// <summary>After these the next run begins with an empty change tracker, because every save examines all rows loaded before.</summary>
    private const int MaxMessagesPerRun = 10;

    protected override async Task Handle(DeliverMessages request, CancellationToken cancellationToken)
    {
        List<long> conversation = [request.ConversationId];
        var claimed = await batch.SaveAndClaimAsync([], conversation, cancellationToken);
        for (var remaining = MaxMessagesPerRun; claimed is [var message]; remaining--)
        {
            var outcome = await sender.SendAsync(message);
            var canContinue = remaining > 1 && !cancellationToken.IsCancellationRequested;
            claimed = await batch.SaveAndClaimAsync([outcome], canContinue ? conversation : [], CancellationToken.None);
            if (remaining == 1) dispatcher.Wake(request.ConversationId);
        }
    }
}
