using MetaMessaging.Domain.Compliance;
using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.Infrastructure.UserAccounts;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> organization)
    {
        organization.Property(o => o.Name).IsText(200);
        organization.Property(o => o.TimeZone).IsCode(64);
        organization.Property(o => o.Language).IsCode(35);
        organization.ComplexProperty(o => o.Security, security =>
        {
            security.Property(s => s.RequireTwoFactor).HasColumnName("require_two_factor");
            security.Property(s => s.SessionHours).HasColumnName("session_hours");
        });
        organization.ComplexProperty(o => o.Retention, retention =>
        {
            retention.Property(r => r.MessageDays).HasColumnName("message_days");
            retention.Property(r => r.MediaDays).HasColumnName("media_days");
            retention.Property(r => r.DeliveryDays).HasColumnName("delivery_days");
            retention.Property(r => r.AuditDays).HasColumnName("audit_days");
        });
    }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> membership)
    {
        membership.HasIndex(m => new { m.UserId, m.OrganizationId }).IsUnique();
        membership.HasIndex(m => m.OrganizationId);
        membership.Ignore(m => m.IsActiveAdmin);
        membership.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        membership.HasOne<AppUser>().WithMany().HasForeignKey(m => m.UserId);
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation)
    {
        invitation.Property(i => i.Email).IsText(256);
        invitation.Property(i => i.TokenHash).IsCode(64);
        invitation.HasOne<Organization>().WithMany().HasForeignKey(i => i.OrganizationId);
        invitation.HasIndex(i => i.TokenHash).IsUnique();
        invitation.HasIndex(i => new { i.OrganizationId, i.CreatedAt });
    }
}

internal sealed class UserSessionConfiguration : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> session)
    {
        session.ToTable("user_sessions");
        session.HasOne<AppUser>().WithMany().HasForeignKey(s => s.UserId);
        session.Property(s => s.Device).IsText(200);
        session.Property(s => s.Address).IsCode(64);
        session.HasIndex(s => s.LastSeenAt);
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.Property(k => k.Name).IsText(100);
        key.Property(k => k.KeyHash).IsCode(64);
        key.HasOne<Organization>().WithMany().HasForeignKey(k => k.OrganizationId);
        key.HasIndex(k => k.KeyHash).IsUnique();
        key.HasIndex(k => new { k.OrganizationId, k.CreatedAt });
    }
}

internal sealed class SystemConfigConfiguration : IEntityTypeConfiguration<SystemConfig>
{
    public void Configure(EntityTypeBuilder<SystemConfig> config)
    {
        config.ToTable("core_conf", table => table.HasCheckConstraint("ck_core_conf_one_row", $"id = {SystemConfig.OnlyId}"));
        config.Property(c => c.Id).ValueGeneratedNever();
        config.Property(c => c.MetaMessagingAppId).IsCode(64);
        config.Property(c => c.MetaMessagingAppSecret).IsCode(2000);
        config.Property(c => c.MetaMessagingVerifyToken).IsCode(256);
        config.Property(c => c.OpenIdAuthority).IsCode(500);
        config.Property(c => c.OpenIdClientId).IsCode(256);
        config.Property(c => c.OpenIdClientSecret).IsCode(2000);
        config.Property(c => c.OpenIdName).IsText(100);
        config.Ignore(c => c.IsComplete);
    }
}

internal sealed class AppUserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> user)
    {
        user.ToTable("users");
        user.Property(u => u.Name).IsText(200);
        user.Property(u => u.TimeZone).IsCode(64);
        user.Property(u => u.Language).IsCode(35);
        user.Property(u => u.ConcurrencyStamp).IsCode();
        user.Property(u => u.NormalizedEmail).IsCode();
        user.Property(u => u.NormalizedUserName).IsCode();
        user.Property(u => u.PasswordHash).IsCode();
        user.Property(u => u.PhoneNumber).IsCode();
        user.Property(u => u.SecurityStamp).IsCode();
        user.Property(u => u.Email).IsText();
        user.Property(u => u.UserName).IsText();
    }
}

/// <summary>Identity adds this table only where its options are at hand, which contexts made without services do not have.</summary>
internal sealed class UserPasskeyConfiguration : IEntityTypeConfiguration<IdentityUserPasskey<long>>
{
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<long>> passkey)
    {
        passkey.ToTable("user_passkeys");
        passkey.HasKey(p => p.CredentialId);
        passkey.Property(p => p.CredentialId).HasMaxLength(1023);   // WebAuthn's maximum
        passkey.OwnsOne(p => p.Data).ToJson("data");
        passkey.HasOne<AppUser>().WithMany().HasForeignKey(p => p.UserId);
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.Property(e => e.ActorName).IsText(200);
        entry.Property(e => e.Action).IsCode(64);
        entry.Property(e => e.TargetType).IsCode(64);
        entry.Property(e => e.TargetId).IsCode(512);
        entry.Property(e => e.TargetName).IsText(512);
        entry.Property(e => e.Address).IsCode(64);
        entry.Property(e => e.Changes).IsCode();

        // In the order of the list, with the columns that it is filtered by: other rows are passed over without reading them.
        entry.HasIndex(e => new { e.OrganizationId, e.At, e.Id, e.Action, e.ActorType, e.ActorId, e.TargetType, e.TargetId });
        entry.HasIndex(e => new { e.At, e.Id, e.Action, e.ActorType, e.ActorId, e.TargetType, e.TargetId });
    }
}

internal sealed class DataDeletionConfiguration : IEntityTypeConfiguration<DataDeletion>
{
    public void Configure(EntityTypeBuilder<DataDeletion> deletion)
    {
        deletion.Property(d => d.ConfirmationCode).IsCode(64);
        deletion.HasIndex(d => d.ConfirmationCode).IsUnique();
    }
}

internal sealed class UserClaimConfiguration : IEntityTypeConfiguration<IdentityUserClaim<long>>
{
    public void Configure(EntityTypeBuilder<IdentityUserClaim<long>> claim)
    {
        claim.ToTable("user_claims");
        claim.Property(c => c.ClaimType).IsCode();
        claim.Property(c => c.ClaimValue).IsCode();
    }
}

internal sealed class UserLoginConfiguration : IEntityTypeConfiguration<IdentityUserLogin<long>>
{
    public void Configure(EntityTypeBuilder<IdentityUserLogin<long>> login)
    {
        login.ToTable("user_logins");
        login.Property(l => l.LoginProvider).IsCode();
        login.Property(l => l.ProviderKey).IsCode();
        login.Property(l => l.ProviderDisplayName).IsText();
    }
}

internal sealed class UserTokenConfiguration : IEntityTypeConfiguration<IdentityUserToken<long>>
{
    public void Configure(EntityTypeBuilder<IdentityUserToken<long>> token)
    {
        token.ToTable("user_tokens");
        token.Property(t => t.LoginProvider).IsCode();
        token.Property(t => t.Name).IsCode();
        token.Property(t => t.Value).IsCode();
    }
}
