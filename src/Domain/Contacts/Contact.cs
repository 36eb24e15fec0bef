using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Domain.Contacts;

/// <summary>A person who wrote to us, known by one scoped id per Page or Instagram account.</summary>
public sealed class Contact : Entity, IOwnedByOrganization
{
    private readonly List<FacebookIdentity> facebook = [];
    private readonly List<InstagramIdentity> instagram = [];

    private Contact() { }

    private Contact(long organizationId, string name, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        Name = name;
        CreatedAt = now;
        ProfileDueAt = now;
        Raise(new ContactCreated(this));
    }

    public long OrganizationId { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>An agent's choice; a profile refresh never overwrites it.</summary>
    public bool NameIsEdited { get; private set; }

    /// <summary>Key in the media store.</summary>
    public string? AvatarKey { get; private set; }

    public string? AvatarContentType { get; private set; }

    public ProfileState ProfileState { get; private set; }

    /// <summary>When the profile is to be asked for; null while there is nothing to ask.</summary>
    public DateTimeOffset? ProfileDueAt { get; private set; }

    public int ProfileAttempts { get; private set; }

    /// <summary>When Meta last told us, or refused to.</summary>
    public DateTimeOffset? ProfileCheckedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public IReadOnlyList<FacebookIdentity> Facebook => facebook;

    public IReadOnlyList<InstagramIdentity> Instagram => instagram;

    /// <summary>The placeholder name tells strangers apart until the profile arrives (platform reference 8, row 21).</summary>
    public static Contact FromFacebook(long organizationId, string pageId, string psid, DateTimeOffset now)
    {
        var contact = new Contact(organizationId, $"Messenger user {LastDigits(psid)}", now);
        contact.facebook.Add(new FacebookIdentity(organizationId, pageId, psid));
        return contact;
    }

    /// <inheritdoc cref="FromFacebook"/>
    public static Contact FromInstagram(long organizationId, string igAccountId, string igsid, DateTimeOffset now)
    {
        var contact = new Contact(organizationId, $"Instagram user {LastDigits(igsid)}", now);
        contact.instagram.Add(new InstagramIdentity(organizationId, igAccountId, igsid));
        return contact;
    }

    public void Rename(string name)
    {
        Name = name.Trim();
        NameIsEdited = true;
        Raise(new ContactUpdated(this));
    }

    public void CompleteProfile(string? name, StoredMedia? avatar)
    {
        ProfileState = ProfileState.Complete;
        ProfileDueAt = null;
        ProfileAttempts = 0;
        if (!NameIsEdited && !string.IsNullOrWhiteSpace(name)) Name = name.Trim();
        AvatarKey = avatar?.Key ?? AvatarKey;
        AvatarContentType = avatar?.ContentType ?? AvatarContentType;
        Raise(new ContactUpdated(this));
    }

    /// <summary>Meta will not tell us; the placeholder stays, and nobody asks again.</summary>
    public void GiveUpProfile()
    {
        ProfileState = ProfileState.Unavailable;
        ProfileDueAt = null;
        Raise(new ContactUpdated(this));
    }

    /// <summary>Tries 1, 5, 25 minutes, then hours apart; after eight the placeholder stays.</summary>
    public void RetryProfile(DateTimeOffset now)
    {
        if (++ProfileAttempts >= 8) GiveUpProfile();
        else ProfileDueAt = now + TimeSpan.FromMinutes(Math.Min(Math.Pow(5, ProfileAttempts - 1), 720));
    }

    private static string LastDigits(string scopedId) => scopedId.Length > 4 ? scopedId[^4..] : scopedId;
}

public sealed record ContactCreated(Contact Contact) : DomainEvent;

public sealed record ContactUpdated(Contact Contact) : DomainEvent;
