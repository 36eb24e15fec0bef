namespace MetaMessaging.Application.Inbound;

/// <summary>Answers Meta's check of the address with its challenge, byte for byte (platform reference, Webhooks → Verification).</summary>
public sealed record VerifyWebhook(string? Mode, string? VerifyToken, string? Challenge) : IRequest<string>;

internal sealed class VerifyWebhookValidator : AbstractValidator<VerifyWebhook>
{
    public VerifyWebhookValidator()
    {
        RuleFor(v => v.Mode).NotEmpty().OverridePropertyName("hub.mode");
        RuleFor(v => v.VerifyToken).NotEmpty().OverridePropertyName("hub.verify_token");
        RuleFor(v => v.Challenge).NotEmpty().OverridePropertyName("hub.challenge");
    }
}

internal sealed class VerifyWebhookHandler(IMetaApp metaApp) : IRequestHandler<VerifyWebhook, string>
{
    public async Task<string> Handle(VerifyWebhook request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        if (request.Mode != "subscribe" || !IsSame(request.VerifyToken!, settings.VerifyToken))
            throw new AccessDeniedException("verify_token_mismatch", "The verify token is not the one in System Config.");

        return request.Challenge!;
    }

    // The hashes have the same length, so the comparison takes the same time whatever was sent.
    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
