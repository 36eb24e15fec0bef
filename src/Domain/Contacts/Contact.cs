using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Contacts;

/// <summary>A person who wrote to us, known by one scoped id per Page or Instagram account.</summary>
public sealed class Contact : Entity, IOwnedByOrganization
{
    public const int MaxNameLength = 400;

    /// <summary>One call may take a minute with its picture; so long nobody else asks for the same person.</summary>
    public static readonly TimeSpan ProfileClaim = TimeSpan.FromMinutes(3);

    /// <summary>How long Meta's word counts as fresh, its refusal too.</summary>
    private static readonly TimeSpan ProfileLifetime = TimeSpan.FromDays(7);

    private const int MaxProfileAttempts = 8;

    private static readonly Backoff ProfileBackoff =
        new(FirstDelay: TimeSpan.FromMinutes(1), Factor: 5, MaxDelay: TimeSpan.FromHours(12));

    /// <summary>Meta's code for somebody who has never written to the account.</summary>
    private const int ConsentMissing = 230;

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

    /// <summary>Null while the name is only a placeholder.</summary>
    public string? KnownName => NameIsEdited || ProfileState is ProfileState.Complete ? Name : null;

    /// <summary>Key in the media store.</summary>
    public string? AvatarKey { get; private set; }

    public string? AvatarContentType { get; private set; }

    public ProfileState ProfileState { get; private set; }

    /// <summary>When the profile is to be asked for; null while there is nothing to ask.</summary>
    public DateTimeOffset? ProfileDueAt { get; private set; }

    public int ProfileAttempts { get; private set; }

    /// <summary>When Meta last told us, or refused to.</summary>
    public DateTimeOffset? ProfileCheckedAt { get; private set; }

    /// <summary>From then on, the person's next message is a reason to ask again.</summary>
    public DateTimeOffset? ProfileStaleAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public IReadOnlyList<FacebookIdentity> Facebook => facebook;

    public IReadOnlyList<InstagramIdentity> Instagram => instagram;

    /// <summary>The placeholder name tells strangers apart until the profile arrives (platform reference, Pitfalls in production, row 21).</summary>
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

    /// <summary>The other turned out to be the same person: what this one lacks is taken over, and a name that an agent gave goes before Meta's.</summary>
    /// <returns>The other's picture where nobody needs it any more.</returns>
    /// <exception cref="DomainException">same_contact</exception>
    public string? Absorb(Contact other)
    {
        if (other.Id == Id) throw new DomainException("same_contact", "A contact cannot be merged with itself.");

        var unneeded = AvatarKey is null ? null : other.AvatarKey;
        if (AvatarKey is null) (AvatarKey, AvatarContentType) = (other.AvatarKey, other.AvatarContentType);
        if (!NameIsEdited && (other.NameIsEdited || (ProfileState is not ProfileState.Complete && other.ProfileState is ProfileState.Complete)))
            (Name, NameIsEdited) = (other.Name, other.NameIsEdited);
        if (other.ProfileState is ProfileState.Complete) ProfileState = ProfileState.Complete;
        Raise(new ContactUpdated(this));
        return unneeded;
    }

    /// <summary>The person is forgotten, and their conversations with them.</summary>
    public void Erase(IReadOnlyList<long> conversationIds) => Raise(new ContactErased(OrganizationId, conversationIds));

    public void CompleteProfile(string? name, StoredMedia? avatar, DateTimeOffset now)
    {
        ProfileState = ProfileState.Complete;
        CloseProfile(now, ProfileLifetime);
        if (!NameIsEdited && !string.IsNullOrWhiteSpace(name)) Name = Cut(name.Trim());
        AvatarKey = avatar?.Key ?? AvatarKey;
        AvatarContentType = avatar?.ContentType ?? AvatarContentType;
        Raise(new ContactUpdated(this));
    }

    /// <summary>Meta will not tell us: what is known stays, and nobody asks before the person writes again a week from now.</summary>
    public void GiveUpProfile(DateTimeOffset now) => GiveUpProfile(now, ProfileLifetime);

    /// <summary>Whether Meta's no ends it, and for how long (platform reference, Profile API).</summary>
    public void ApplyProfileRefusal(Refusal refusal, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Token or RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown:
                RetryProfile(now);
                break;
            case RefusalClass.Profile when refusal.Code is ConsentMissing:
                GiveUpProfile(now, TimeSpan.Zero);   // writing to us is the consent
                break;
            default:
                GiveUpProfile(now);
                break;
        }
    }

    /// <summary>Eight attempts, 1, 5, 25 and 125 minutes, then 10 to 12 hours apart; then the placeholder name stays.</summary>
    public void RetryProfile(DateTimeOffset now)
    {
        if (++ProfileAttempts >= MaxProfileAttempts) GiveUpProfile(now);
        else ProfileDueAt = now + ProfileBackoff.DelayAfter(ProfileAttempts);
    }

    /// <summary>Not asked at all, so this was no try. People who wait for the same thing are spread over a minute.</summary>
    public void PostponeProfile(DateTimeOffset until) => ProfileDueAt = until + TimeSpan.FromSeconds(Id % 60);

    private void GiveUpProfile(DateTimeOffset now, TimeSpan silence)
    {
        if (ProfileState is not ProfileState.Complete) ProfileState = ProfileState.Unavailable;
        CloseProfile(now, silence);
        Raise(new ContactUpdated(this));
    }

    private void CloseProfile(DateTimeOffset now, TimeSpan lifetime)
    {
        ProfileDueAt = null;
        ProfileAttempts = 0;
        ProfileCheckedAt = now;
        ProfileStaleAt = now + lifetime;
    }

    private static string Cut(string name) => name.Length > MaxNameLength ? name[..MaxNameLength] : name;

    private static string LastDigits(string scopedId) => scopedId.Length > 4 ? scopedId[^4..] : scopedId;
}

public sealed record ContactCreated(Contact Contact) : DomainEvent;

public sealed record ContactUpdated(Contact Contact) : DomainEvent;

/// <summary>Their rows are gone: who shows them has to stop.</summary>
public sealed record ContactErased(long OrganizationId, IReadOnlyList<long> ConversationIds) : DomainEvent;
