using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.Infrastructure.UserAccounts;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> organization) => organization.Property(o => o.Name).HasMaxLength(200);
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> membership)
    {
        membership.HasIndex(m => new { m.UserId, m.OrganizationId }).IsUnique();
        membership.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        membership.HasOne<AppUser>().WithMany().HasForeignKey(m => m.UserId);
    }
}

internal sealed class UserSessionConfiguration : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> session)
    {
        session.ToTable("user_sessions");
        session.HasOne<AppUser>().WithMany().HasForeignKey(s => s.UserId);
        session.HasIndex(s => s.LastSeenAt);
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.Property(k => k.Name).HasMaxLength(100);
        key.Property(k => k.KeyHash).HasMaxLength(64);
        key.HasOne<Organization>().WithMany().HasForeignKey(k => k.OrganizationId);
        key.HasIndex(k => k.KeyHash).IsUnique();
        key.HasIndex(k => new { k.OrganizationId, k.CreatedAt });
    }
}

internal sealed class SystemConfigConfiguration : IEntityTypeConfiguration<SystemConfig>
{
    public void Configure(EntityTypeBuilder<SystemConfig> config)
    {
        config.ToTable("core_conf");
        config.Property(c => c.MetaMessagingAppId).HasMaxLength(64);
        config.Property(c => c.MetaMessagingAppSecret).HasMaxLength(2000);
        config.Property(c => c.MetaMessagingVerifyToken).HasMaxLength(256);
        config.Ignore(c => c.IsComplete);
    }
}

internal sealed class AppUserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> user) => user.Property(u => u.Name).HasMaxLength(200);
}
