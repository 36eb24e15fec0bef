namespace MetaMessaging.Domain.Conversations;

/// <summary>What one agent writes to the others in a conversation. It is never sent to the customer.</summary>
public sealed class Note : Entity, IOwnedByOrganization
{
    public const int MaxLength = 4000;

    private Note() { }

    public Note(long organizationId, long conversationId, long authorId, string text, IEnumerable<long> mentioned, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        ConversationId = conversationId;
        AuthorId = authorId;
        Text = text;
        CreatedAt = now;
        Mentions = [.. mentioned.Distinct().Where(id => id != authorId).Select(id => new Mention(organizationId, conversationId, id))];
    }

    public long OrganizationId { get; private set; }

    public long ConversationId { get; private set; }

    public long AuthorId { get; private set; }

    public string Text { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public List<Mention> Mentions { get; private set; } = [];

    /// <exception cref="DomainException">note_of_another_member</exception>
    public void EnsureCanDelete(long userId, bool isAdmin)
    {
        if (userId != AuthorId && !isAdmin)
            throw new DomainException("note_of_another_member", "Only its author or an admin may delete a note.");
    }
}

/// <summary>A member whom a note names.</summary>
public sealed class Mention(long organizationId, long conversationId, long userId) : Entity, IOwnedByOrganization
{
    public long OrganizationId { get; private set; } = organizationId;

    public long NoteId { get; private set; }

    public long ConversationId { get; private set; } = conversationId;

    public long UserId { get; private set; } = userId;

    /// <summary>Null until the member has opened the conversation.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    public void MarkRead(DateTimeOffset now) => ReadAt ??= now;
}
