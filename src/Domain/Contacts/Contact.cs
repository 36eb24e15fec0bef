namespace MetaMessaging.Domain.Contacts;

/// <summary>A person who wrote to us, known by one scoped id per Page or Instagram account.</summary>
public sealed class Contact : Entity, IOwnedByOrganization
{
    public const int MaxNameLength = 400;

    /// <summary>Longer than a profile request takes, which is up to a minute with its picture.</summary>
    public static readonly TimeSpan ProfileClaimLifetime = TimeSpan.FromMinutes(3);

    /// <summary>How long a profile, or Meta's refusal to give it, is kept before it is requested again.</summary>
    private static readonly TimeSpan ProfileLifetime = TimeSpan.FromDays(7);

    private const int MaxProfileAttempts = 8;

    private static readonly Backoff ProfileBackoff = new(FirstDelay: TimeSpan.FromMinutes(1), Factor: 5, MaxDelay: TimeSpan.FromHours(12));

    /// <summary>Meta's error code for a person who has never written to the account.</summary>
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

    /// <summary>An agent chose the name, so a profile does not overwrite it.</summary>
    public bool NameIsEdited { get; private set; }

    /// <summary>Null while the name is only a placeholder.</summary>
    public string? KnownName => NameIsEdited || ProfileState is ProfileState.Complete ? Name : null;

    public string? AvatarKey { get; private set; }

    public string? AvatarContentType { get; private set; }

    public ProfileState ProfileState { get; private set; }

    /// <summary>When the profile is to be requested; null if it is not.</summary>
    public DateTimeOffset? ProfileDueAt { get; private set; }

    public int ProfileAttempts { get; private set; }

    /// <summary>When Meta last sent the profile or refused to.</summary>
    public DateTimeOffset? ProfileCheckedAt { get; private set; }

    /// <summary>After this time the person's next message causes a new request.</summary>
    public DateTimeOffset? ProfileStaleAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public IReadOnlyList<FacebookIdentity> Facebook => facebook;

    public IReadOnlyList<InstagramIdentity> Instagram => instagram;

    /// <summary>The placeholder name distinguishes contacts until the profile arrives.</summary>
    public static Contact FromFacebook(long organizationId, string pageId, string psid, DateTimeOffset now)
    {
        var contact = new Contact(organizationId, PlaceholderName(Channel.FacebookMessenger, psid), now);
        contact.facebook.Add(new FacebookIdentity(organizationId, pageId, psid));
        return contact;
    }

    public static Contact FromInstagram(long organizationId, string igAccountId, string igsid, DateTimeOffset now)
    {
        var contact = new Contact(organizationId, PlaceholderName(Channel.InstagramDm, igsid), now);
        contact.instagram.Add(new InstagramIdentity(organizationId, igAccountId, igsid));
        return contact;
    }

    public void Rename(string name)
    {
        Name = PlainName.Clean(name)!;
        NameIsEdited = true;
        Raise(new ContactUpdated(this));
    }

    /// <summary>Merges a contact that is the same person: copies what this one lacks, and prefers an agent's name to Meta's.</summary>
    /// <returns>The other contact's picture if it is no longer needed.</returns>
    public string? MergeFrom(Contact other)
    {
        if (other.Id == Id) throw new DomainException("same_contact", "A contact cannot be merged with itself.");

        var unusedAvatarKey = AvatarKey is null ? null : other.AvatarKey;
        if (AvatarKey is null) (AvatarKey, AvatarContentType) = (other.AvatarKey, other.AvatarContentType);
        var onlyOtherHasProfile = ProfileState is not ProfileState.Complete && other.ProfileState is ProfileState.Complete;
        if (!NameIsEdited && (other.NameIsEdited || onlyOtherHasProfile)) (Name, NameIsEdited) = (other.Name, other.NameIsEdited);
        if (other.ProfileState is ProfileState.Complete) ProfileState = ProfileState.Complete;
        Raise(new ContactUpdated(this));
        return unusedAvatarKey;
    }

    /// <summary>
    /// Undoes a merge for one id. Both profiles are requested anew, because name and picture may be those of the other person.
    /// </summary>
    /// <returns>The contact that the id is to belong to.</returns>
    public Contact SplitOff(Channel channel, string scopedId, DateTimeOffset now)
    {
        if (facebook.Count + instagram.Count < 2)
            throw new DomainException("only_identity", "This is the contact's only id, so there is nothing to take apart.");

        ProfileDueAt = now;
        ProfileAttempts = 0;
        var other = new Contact(OrganizationId, PlaceholderName(channel, scopedId), now);
        Raise(new ContactUpdated(this));
        other.Raise(new ContactUpdated(other));   // pages show its conversations under another name
        return other;
    }

    /// <summary>Announces that the contact and its conversations are erased.</summary>
    public void Erase(IReadOnlyList<long> conversationIds) => Raise(new ContactErased(OrganizationId, conversationIds));

    public void CompleteProfile(string? name, StoredMedia? avatar, DateTimeOffset now)
    {
        ProfileState = ProfileState.Complete;
        FinishProfileRequest(now, ProfileLifetime);
        if (!NameIsEdited && PlainName.Clean(name) is { } clean) Name = Cut(clean);
        AvatarKey = avatar?.Key ?? AvatarKey;
        AvatarContentType = avatar?.ContentType ?? AvatarContentType;
        Raise(new ContactUpdated(this));
    }

    /// <summary>Meta does not give the profile: it is requested again when the person writes after a week.</summary>
    public void GiveUpProfile(DateTimeOffset now) => GiveUpProfile(now, ProfileLifetime);

    /// <summary>Retries or gives up, depending on the refusal (platform reference, Profile API).</summary>
    public void ApplyProfileRefusal(Refusal refusal, DateTimeOffset now)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Token or RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown:
                RetryProfile(now);
                break;
            case RefusalClass.Profile when refusal.Code is ConsentMissing:
                GiveUpProfile(now, TimeSpan.Zero);   // the person's next message gives the consent
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

    /// <summary>No attempt is counted, because Meta was not called. Contacts with the same delay are spread over a minute.</summary>
    public void PostponeProfile(DateTimeOffset until) => ProfileDueAt = until + TimeSpan.FromSeconds(Id % 60);

    private void GiveUpProfile(DateTimeOffset now, TimeSpan lifetime)
    {
        if (ProfileState is not ProfileState.Complete) ProfileState = ProfileState.Unavailable;
        FinishProfileRequest(now, lifetime);
        Raise(new ContactUpdated(this));
    }

    private void FinishProfileRequest(DateTimeOffset now, TimeSpan lifetime)
    {
        ProfileDueAt = null;
        ProfileAttempts = 0;
        ProfileCheckedAt = now;
        ProfileStaleAt = now + lifetime;
    }

    private static string Cut(string name) => name.Length > MaxNameLength ? name[..MaxNameLength] : name;

    private static string PlaceholderName(Channel channel, string scopedId) =>
        $"{(channel is Channel.FacebookMessenger ? "Messenger" : "Instagram")} user {LastDigits(scopedId)}";

    private static string LastDigits(string scopedId) => scopedId.Length > 4 ? scopedId[^4..] : scopedId;
}

public sealed record ContactCreated(Contact Contact) : DomainEvent;

public sealed record ContactUpdated(Contact Contact) : DomainEvent;

/// <summary>The rows are deleted, and pages that show them must stop doing so.</summary>
public sealed record ContactErased(long OrganizationId, IReadOnlyList<long> ConversationIds) : DomainEvent;
