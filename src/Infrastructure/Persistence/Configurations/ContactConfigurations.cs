namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.Property(c => c.Name).IsText(Contact.MaxNameLength);
        contact.Property(c => c.NameIsEdited).IsConcurrencyToken();   // a profile must not overwrite a name that an agent gives meanwhile
        contact.Property(c => c.AvatarKey).IsCode(200);
        contact.Property(c => c.AvatarContentType).IsCode(100);
        contact.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId);
        contact.HasIndex(c => new { c.OrganizationId, c.CreatedAt, c.Id });
        contact.HasIndex(c => c.ProfileDueAt).HasFilter("profile_due_at is not null");
        contact.HasIndex(c => c.AvatarKey).HasFilter("avatar_key is not null");   // the job that deletes files without a row
    }
}

internal sealed class FacebookIdentityConfiguration : IEntityTypeConfiguration<FacebookIdentity>
{
    public void Configure(EntityTypeBuilder<FacebookIdentity> identity)
    {
        identity.ToTable("contact_facebook");
        identity.Property(i => i.PageId).IsCode(64);
        identity.Property(i => i.Psid).IsMetaId();
        identity.HasOne<Contact>().WithMany(c => c.Facebook).HasForeignKey(i => i.ContactId);

        // Unique within the organization only: a Page that moves to another organization keeps its customers' ids.
        identity.HasIndex(i => new { i.OrganizationId, i.PageId, i.Psid }).IsUnique();
        identity.HasIndex(i => i.Psid);
    }
}

internal sealed class InstagramIdentityConfiguration : IEntityTypeConfiguration<InstagramIdentity>
{
    public void Configure(EntityTypeBuilder<InstagramIdentity> identity)
    {
        identity.ToTable("contact_instagram");
        identity.Property(i => i.IgAccountId).IsCode(64);
        identity.Property(i => i.Igsid).IsMetaId();
        identity.Property(i => i.Username).IsText(200);
        identity.HasOne<Contact>().WithMany(c => c.Instagram).HasForeignKey(i => i.ContactId);
        identity.HasIndex(i => new { i.OrganizationId, i.IgAccountId, i.Igsid }).IsUnique();
        identity.HasIndex(i => i.Igsid);
    }
}
