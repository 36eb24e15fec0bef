using System.Runtime.CompilerServices;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Contacts;

/// <summary>
/// All that is stored about a person, to hand it out. Only the person and the list of conversations are read at once, the rest while the
/// answer is written.
/// </summary>
/// <param name="IsHead">Nothing is handed out, so nothing is recorded.</param>
public sealed record ExportContact(long Id, bool IsHead = false) : IRequest<ContactExport>;

/// <param name="TimeZone">The organization's, as an IANA name.</param>
public sealed record ContactExport(
    ContactModel Contact, string TimeZone, DateTimeOffset CreatedAt, IReadOnlyList<ExportedConversation> Conversations,
    IAsyncEnumerable<ExportedFile> Files);

/// <param name="Messages">The messages alone.</param>
/// <param name="Items">The messages, with the entries and notes between them.</param>
public sealed record ExportedConversation(
    ConversationModel Conversation, IAsyncEnumerable<MessageModel> Messages, IAsyncEnumerable<TimelineItemModel> Entries,
    IAsyncEnumerable<TranscriptNote> Notes, IAsyncEnumerable<TranscriptItem> Items);

/// <param name="Content">The caller disposes it before the next file.</param>
public sealed record ExportedFile(string Name, Stream Content)
{
    /// <summary>The name that the file of an attachment has in the archive; stored names contain no separators.</summary>
    public static string NameOf(AttachmentModel attachment) =>
        FormattableString.Invariant($"media/{attachment.Id}-{attachment.FileName ?? "file"}");
}

internal sealed class ExportContactHandler(
    IAppDbContext db, ConversationHistory history, IMediaStore media, AuditLog audit, TimeProvider clock)
    : IRequestHandler<ExportContact, ContactExport>
{
    /// <summary>Files whose keys are looked up at once.</summary>
    private const int ChunkSize = 200;

    public async Task<ContactExport> Handle(ExportContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var model = await db.GetContactModelAsync(contact.Id, cancellationToken);
        var conversations = await db.Conversations.AsNoTracking().Include(c => c.Contact).Include(c => c.Connection)
            .Where(c => c.ContactId == contact.Id).OrderBy(c => c.Id).ToListAsync(cancellationToken);
        var timeZone = await db.Organizations.Where(o => o.Id == contact.OrganizationId)
            .Select(o => o.TimeZone).SingleAsync(cancellationToken) ?? "UTC";
        if (!request.IsHead) audit.Record(AuditActions.ContactExported, AuditTarget.Of(contact));
        await db.SaveChangesAsync(cancellationToken);   // before the first byte leaves

        var now = clock.GetUtcNow();
        return new ContactExport(
            model, timeZone, now, conversations.ConvertAll(c => Export(c, now, cancellationToken)),
            FilesAsync(contact, conversations, cancellationToken));
    }

    private ExportedConversation Export(Conversation conversation, DateTimeOffset now, CancellationToken cancellationToken) => new(
        ConversationModel.Of(conversation, null, now) with { Connection = ConversationConnection.Of(conversation, now) },
        history.MessagesAsync(conversation.Id, cancellationToken), history.EntriesAsync(conversation.Id, cancellationToken),
        history.NotesAsync(conversation.Id, cancellationToken), history.ItemsAsync(conversation.Id, cancellationToken));

    private async IAsyncEnumerable<ExportedFile> FilesAsync(
        Contact contact, List<Conversation> conversations,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (contact.AvatarKey is { } avatar && await media.OpenReadAsync(avatar, cancellationToken) is { } picture)
        {
            var extension = contact.AvatarContentType?.Split('/')[^1] ?? "jpeg";
            yield return new ExportedFile($"media/profile-picture.{extension}", picture);
        }

        foreach (var conversation in conversations)
        {
            var stored = history.MessagesAsync(conversation.Id, cancellationToken)
                .SelectMany(message => message.Attachments.Where(a => a.Url is not null).ToAsyncEnumerable());
            await foreach (var chunk in stored.Chunk(ChunkSize).WithCancellation(cancellationToken))
            {
                var ids = chunk.Select(a => a.Id).ToList();
                var keys = await db.MessageAttachments.Where(a => ids.Contains(a.Id))
                    .ToDictionaryAsync(a => a.Id, a => a.StorageKey, cancellationToken);
                foreach (var attachment in chunk)
                {
                    if (keys.GetValueOrDefault(attachment.Id) is { } key
                        && await media.OpenReadAsync(key, cancellationToken) is { } content)
                        yield return new ExportedFile(ExportedFile.NameOf(attachment), content);
                }
            }
        }
    }
}
