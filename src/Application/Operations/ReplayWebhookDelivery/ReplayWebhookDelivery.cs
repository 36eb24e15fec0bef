namespace MetaMessaging.Application.Operations;

/// <summary>Processes a delivery again. It may be repeated: what is stored already stays as it is.</summary>
public sealed record ReplayWebhookDelivery(long Id) : IRequest;

internal sealed class ReplayWebhookDeliveryHandler(
    IAppDbContext db, AuditLog audit, ICaller caller, OrganizationScope scope, IWebhookInbox inbox)
    : AsyncRequestHandler<ReplayWebhookDelivery>
{
    protected override async Task Handle(ReplayWebhookDelivery request, CancellationToken cancellationToken)
    {
        var delivery = await db.WebhookDeliveries
            .VisibleTo(caller, scope)
            .SingleOrDefaultAsync(d => d.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("webhook_delivery_not_found");
        delivery.Replay();
        audit.Record(delivery.OrganizationId, caller.Actor, AuditActions.DeliveryReplayed, AuditTarget.Of(delivery));
        await db.SaveChangesAsync(cancellationToken);
        inbox.Wake();
    }
}
