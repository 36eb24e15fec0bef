using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>Receipts that were put off while there was too much to do: the conversation's messages catch up with its watermarks.</summary>
public sealed record ApplyReceipts(long ConversationId) : IJob
{
    internal static readonly TimeSpan Later = TimeSpan.FromSeconds(20);
}

internal sealed class ApplyReceiptsWhenPutOff(IJobs jobs, TimeProvider clock) : INotificationHandler<Happened<ReceiptsPostponed>>
{
    public Task Handle(Happened<ReceiptsPostponed> notification, CancellationToken cancellationToken)
    {
        jobs.Schedule(new ApplyReceipts(notification.Event.Conversation.Id), clock.GetUtcNow() + ApplyReceipts.Later);
        return Task.CompletedTask;
    }
}

internal sealed class ApplyReceiptsHandler(IAppDbContext db, ILoadShedding load, IJobs jobs, TimeProvider clock) : AsyncRequestHandler<ApplyReceipts>
{
    protected override async Task Handle(ApplyReceipts request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoReceipts)
        {
            jobs.Schedule(request, clock.GetUtcNow() + ApplyReceipts.Later);
            return;
        }

        var conversation = await db.Conversations.SingleOrDefaultAsync(c => c.Id == request.ConversationId && c.ReceiptsDueAt != null, cancellationToken);
        if (conversation is null) return;

        conversation.RaiseUpdated();
        await db.SaveChangesAsync(token => CatchUpAsync(conversation.Id, token), cancellationToken);
    }

    /// <summary>Cleared first, which holds the row: a watermark that advances from here on is due again.</summary>
    private async Task CatchUpAsync(long conversationId, CancellationToken cancellationToken)
    {
        var conversation = db.Conversations.Where(c => c.Id == conversationId);
        await conversation.ExecuteUpdateAsync(set => set.SetProperty(c => c.ReceiptsDueAt, (DateTimeOffset?)null), cancellationToken);
        var now = await conversation.Select(c => new { c.DeliveredUpTo, c.ReadUpTo }).SingleAsync(cancellationToken);
        await db.ApplyReceiptsAsync(conversationId, now.DeliveredUpTo, now.ReadUpTo, cancellationToken);
    }
}
