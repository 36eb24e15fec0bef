using MetaMessaging.Application.Inbound;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Application.Compliance;

/// <summary>What Meta's App Review and platform terms ask of an installation, as far as this one knows it about itself.</summary>
public sealed record GetCompliance : IRequest<ComplianceModel>;

/// <param name="LastDeliveryAt">When Meta last called the webhook; null when nothing is stored.</param>
/// <param name="DeliveryDays">How long the installation keeps webhook deliveries.</param>
/// <param name="OrganizationsWithRetention">Of how many organizations the messages are deleted after some time.</param>
/// <param name="Deletions">The newest requests to delete somebody's data.</param>
public sealed record ComplianceModel(
    bool HasApp, Uri DeauthorizeUrl, Uri DataDeletionUrl, IReadOnlyList<string> Permissions, DateTimeOffset? LastDeliveryAt,
    int DeliveryDays, int Organizations, int OrganizationsWithRetention, IReadOnlyList<DataDeletionModel> Deletions)
{
    /// <summary>Meta calls https addresses only.</summary>
    public bool IsHttps => DataDeletionUrl.Scheme == Uri.UriSchemeHttps;
}

internal sealed class GetComplianceHandler(
    IAppDbContext db, IMetaApp metaApp, IPublicAddress address, IOptions<WebhookRetention> retention)
    : IRequestHandler<GetCompliance, ComplianceModel>
{
    private const int MaxDeletions = 50;

    public async Task<ComplianceModel> Handle(GetCompliance request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        var lastDeliveryAt = await db.WebhookDeliveries.OrderByDescending(d => d.Id).Select(d => (DateTimeOffset?)d.ReceivedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return new ComplianceModel(
            settings.IsComplete, new Uri(address.BaseUrl, "integrations/meta-messaging/deauthorize"),
            new Uri(address.BaseUrl, "integrations/meta-messaging/data-deletion"), MetaPermissions.All, lastDeliveryAt,
            retention.Value.RetentionDays, await db.Organizations.CountAsync(cancellationToken),
            await db.Organizations.CountAsync(o => o.Retention.MessageDays != null, cancellationToken),
            await db.DataDeletions.OrderByDescending(d => d.Id).Take(MaxDeletions).ProjectToType<DataDeletionModel>()
                .ToListAsync(cancellationToken));
    }
}
