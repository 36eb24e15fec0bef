namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.Property(d => d.Object).IsCode(64);
        delivery.Property(d => d.AccountId).IsMetaId();
        delivery.Property(d => d.Error).IsText(2000);
        delivery.Property(d => d.Outcomes).IsCode();
        delivery.Property(d => d.TraceParent).IsCode(64);
        delivery.HasIndex(d => new { d.State, d.Id });
        delivery.HasIndex(d => new { d.Partition, d.Id }).HasFilter("state = 'Pending'");       // what the inbound worker reads
        delivery.HasIndex(d => new { d.OrganizationId, d.Id }).HasFilter("organization_id is not null");
        delivery.HasIndex(d => new { d.OrganizationId, d.State, d.Id }).HasFilter("organization_id is not null");
        delivery.HasIndex(d => new { d.AccountId, d.Id }).HasFilter("account_id is not null");
        delivery.HasIndex(d => d.ReceivedAt);   // retention, and replays of a period
        delivery.HasIndex(d => new { d.ReplayId, d.State }).HasFilter("replay_id is not null");   // the progress of a replay
    }
}

internal sealed class DeliveryReplayConfiguration : IEntityTypeConfiguration<DeliveryReplay>
{
    public void Configure(EntityTypeBuilder<DeliveryReplay> replay)
    {
        replay.Property(r => r.RequestedBy).IsText(200);
        replay.HasIndex(r => r.RequestedAt);
    }
}

internal sealed class RefusedSignaturesConfiguration : IEntityTypeConfiguration<RefusedSignatures>
{
    public void Configure(EntityTypeBuilder<RefusedSignatures> refused) => refused.HasKey(r => r.Hour);
}

internal sealed class ParkedEventConfiguration : IEntityTypeConfiguration<ParkedEvent>
{
    public void Configure(EntityTypeBuilder<ParkedEvent> parked)
    {
        parked.Property(p => p.Mid).IsMetaId();
        parked.Property(p => p.CustomerId).IsMetaId();
        parked.Property(p => p.Kind).IsCode(32);
        parked.Property(p => p.Fingerprint).IsCode(64);
        parked.Property(p => p.Body).IsCode();
        parked.HasOne<PageConnection>().WithMany().HasForeignKey(p => p.ConnectionId);
        parked.HasIndex(p => new { p.ConnectionId, p.Mid, p.Fingerprint }).IsUnique();
        parked.HasIndex(p => p.ParkedAt);
        parked.HasIndex(p => p.FetchDueAt).HasFilter("fetch_due_at is not null");
        parked.HasIndex(p => p.ApplyDueAt).HasFilter("apply_due_at is not null");
    }
}
