namespace MetaMessaging.Application.Operations;

/// <summary>A delivery's body, byte for byte.</summary>
public sealed record GetWebhookPayload(long Id) : IRequest<byte[]>;

internal sealed class GetWebhookPayloadHandler(IAppDbContext db, ICaller caller, OrganizationScope scope)
    : IRequestHandler<GetWebhookPayload, byte[]>
{
    public async Task<byte[]> Handle(GetWebhookPayload request, CancellationToken cancellationToken) =>
        await db.WebhookDeliveries.VisibleTo(caller, scope)
            .Where(d => d.Id == request.Id)
            .Select(d => d.Payload)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new NotFoundException("webhook_delivery_not_found");
}
