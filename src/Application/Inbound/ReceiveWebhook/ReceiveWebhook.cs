namespace MetaMessaging.Application.Inbound;

/// <summary>Checks the signature of a webhook delivery and stores it. When the request completes, the delivery is on disk.</summary>
/// <param name="Signature">The X-Hub-Signature-256 header.</param>
[NotAudited("The delivery is stored as it is.")]
public sealed record ReceiveWebhook(ReadOnlyMemory<byte> Body, string? Signature) : IRequest;

internal sealed class ReceiveWebhookHandler(IMetaApp metaApp, IWebhookInbox inbox, IRefusedSignatures refused)
    : AsyncRequestHandler<ReceiveWebhook>
{
    protected override async Task Handle(ReceiveWebhook request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        if (settings.AppSecret is not { Length: > 0 } secret) throw UnavailableException.OfMissingAppSecret();
        if (!WebhookSignature.IsValid(request.Body.Span, request.Signature, secret))
        {
            refused.Record();
            throw new AccessDeniedException("invalid_signature", "The signature does not match the body.");
        }

        await inbox.StoreAsync(request.Body, cancellationToken);
    }
}
