using MetaMessaging.Infrastructure.Nodes;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class NodeConfiguration : IEntityTypeConfiguration<Node>
{
    public void Configure(EntityTypeBuilder<Node> node)
    {
        node.ToTable("nodes");
        node.Property(n => n.Id).IsCode(32);
        node.Property(n => n.Host).IsCode(128);
        node.Property(n => n.ProcessSpace).IsCode(128);
        node.Property(n => n.Version).IsCode(64);
    }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> lease)
    {
        lease.ToTable("leases");
        lease.HasKey(l => l.Name);
        lease.Property(l => l.Name).IsCode(64);
        lease.Property(l => l.Owner).IsCode(32);
    }
}

internal sealed class NodeMessageConfiguration : IEntityTypeConfiguration<NodeMessage>
{
    public void Configure(EntityTypeBuilder<NodeMessage> message)
    {
        message.ToTable("node_messages");
        message.Property(m => m.NodeId).IsCode(32);
        message.Property(m => m.Kind).IsCode(32);
        message.Property(m => m.Body).IsCode();
        message.HasIndex(m => m.SentAt);
    }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> key)
    {
        key.ToTable("data_protection_keys");
        key.Property(k => k.FriendlyName).IsCode(128);
        key.Property(k => k.Xml).IsCode();
    }
}
