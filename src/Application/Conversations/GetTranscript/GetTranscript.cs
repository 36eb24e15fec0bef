namespace MetaMessaging.Application.Conversations;

/// <summary>A whole conversation, from its beginning. It is read while the answer is written, so the caller reads it once.</summary>
/// <param name="IsHead">Nothing is handed out, so nothing is recorded.</param>
public sealed record GetTranscript(long ConversationId, bool IsHead = false) : IRequest<Transcript>;

/// <param name="TimeZone">The organization's, as an IANA name.</param>
/// <param name="Messages">The messages alone.</param>
/// <param name="Items">The messages, with the entries and notes between them.</param>
public sealed record Transcript(
    ConversationModel Conversation, string TimeZone, DateTimeOffset CreatedAt, IAsyncEnumerable<MessageModel> Messages,
    IAsyncEnumerable<TranscriptItem> Items);

internal sealed class GetTranscriptHandler(IAppDbContext db, ConversationHistory history, AuditLog audit, TimeProvider clock)
    : IRequestHandler<GetTranscript, Transcript>
{
    public async Task<Transcript> Handle(GetTranscript request, CancellationToken cancellationToken)
    {
        var conversation = await db.Conversations.AsNoTracking().Include(c => c.Contact).Include(c => c.Connection)
            .SingleOrDefaultAsync(c => c.Id == request.ConversationId, cancellationToken)
            ?? throw new NotFoundException("conversation_not_found");
        var timeZone = await db.Organizations.Where(o => o.Id == conversation.OrganizationId)
            .Select(o => o.TimeZone).SingleAsync(cancellationToken) ?? "UTC";
        if (!request.IsHead)
        {
            audit.Record(
                AuditActions.ContactExported, AuditTarget.Of(conversation.Contact), new AuditChange("conversation", null, conversation.Id));
            await db.SaveChangesAsync(cancellationToken);   // before the first byte leaves
        }

        var now = clock.GetUtcNow();
        return new Transcript(
            ConversationModel.Of(conversation, null, now) with { Connection = ConversationConnection.Of(conversation, now) }, timeZone, now,
            history.MessagesAsync(conversation.Id, cancellationToken), history.ItemsAsync(conversation.Id, cancellationToken));
    }
}
