using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("webhook_deliveries");
        delivery.Property(d => d.Object).HasMaxLength(64);
        delivery.Property(d => d.Error).HasMaxLength(2000);
        delivery.HasIndex(d => new { d.State, d.Id });
        delivery.HasIndex(d => new { d.OrganizationId, d.Id });
    }
}
