using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

// Rows are found by their whole key or by the beginning of it, so the primary key is the only index. All columns beside the key are sums
// (AdditiveUpsert).
internal sealed class MessageRollupConfiguration : IEntityTypeConfiguration<MessageRollup>
{
    public void Configure(EntityTypeBuilder<MessageRollup> rollup)
    {
        rollup.ToTable("message_rollups");
        rollup.HasKey(r => new { r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Channel });
    }
}

internal sealed class ResponseRollupConfiguration : IEntityTypeConfiguration<ResponseRollup>
{
    public void Configure(EntityTypeBuilder<ResponseRollup> rollup)
    {
        rollup.ToTable("response_rollups");
        rollup.HasKey(r => new { r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Bucket });
    }
}

internal sealed class ContactRollupConfiguration : IEntityTypeConfiguration<ContactRollup>
{
    public void Configure(EntityTypeBuilder<ContactRollup> rollup)
    {
        rollup.ToTable("contact_rollups");
        rollup.HasKey(r => new { r.OrganizationId, r.SlotMinutes, r.Slot });
    }
}

internal sealed class CounterConfiguration : IEntityTypeConfiguration<Counter>
{
    public void Configure(EntityTypeBuilder<Counter> counter)
    {
        counter.ToTable("counters");
        counter.HasKey(c => new { c.OrganizationId, c.Name });
    }
}
