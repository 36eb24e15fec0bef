using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class PageConnectionConfiguration : IEntityTypeConfiguration<PageConnection>
{
    public void Configure(EntityTypeBuilder<PageConnection> connection)
    {
        connection.ToTable("organization_meta_settings");
        connection.Property(c => c.PageId).IsMetaId();
        connection.Property(c => c.PageName).IsText(400);
        connection.Property(c => c.IgAccountId).IsMetaId();
        connection.Property(c => c.IgUsername).IsText(200);
        connection.Property(c => c.MetaUserId).IsMetaId();
        connection.Property(c => c.ConnectedAt).IsConcurrencyToken();   // a check of the previous token must not change a new connection
        connection.Property(c => c.PolicyAction).IsCode(32);
        connection.Property(c => c.PolicyReason).IsText(1000);
        connection.Property(c => c.WebhookUrl).IsCode(500);
        connection.Property(c => c.PageAccessToken).IsCode();
        connection.Property(c => c.Problems).IsCode().HasConversion(
            new JsonValueConverter<IReadOnlyList<ConnectionProblem>>(),
            new ValueComparer<IReadOnlyList<ConnectionProblem>>(
                (a, b) => ReferenceEquals(a, b), problems => problems.GetHashCode(), problems => problems));
        connection.Ignore(c => c.Channels);
        connection.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId);
        connection.HasIndex(c => new { c.OrganizationId, c.PageId }).IsUnique();
        connection.HasIndex(c => c.PageId).IsUnique().HasFilter("state <> 'Disconnected'")
            .HasDatabaseName("ix_organization_meta_settings_connected_page");   // a Page is connected to one organization at a time
        connection.HasIndex(c => c.IgAccountId);
        connection.HasIndex(c => c.MetaUserId);
    }
}

internal sealed class PendingConnectionConfiguration : IEntityTypeConfiguration<PendingConnection>
{
    public void Configure(EntityTypeBuilder<PendingConnection> pending)
    {
        pending.ToTable("meta_pending_connections");
        pending.Property(p => p.MetaUserId).IsMetaId();
        pending.Property(p => p.UsedAt).IsConcurrencyToken();   // only one of two concurrent choices is made
        pending.Property(p => p.Pages).IsCode();
        pending.Property(p => p.UserAccessToken).IsCode();
        pending.HasOne<Organization>().WithMany().HasForeignKey(p => p.OrganizationId);
        pending.HasIndex(p => p.ExpiresAt);
    }
}

internal sealed class OAuthStateConfiguration : IEntityTypeConfiguration<OAuthState>
{
    public void Configure(EntityTypeBuilder<OAuthState> state)
    {
        state.ToTable("meta_oauth_states");
        state.Property(s => s.StateHash).IsCode(64);
        state.Property(s => s.BrowserHash).IsCode(64);
        state.HasIndex(s => s.StateHash).IsUnique();
        state.HasIndex(s => s.ExpiresAt);
    }
}
