namespace MetaMessaging.Application.Conversations;

/// <summary>
/// Opens the conversations whose snooze is over. They count as open already (<see cref="Conversation.StatusAt"/>). They are changed so that
/// lists do not pass over more and more of them, and so that open pages show it.
/// </summary>
[NotAudited("Whoever snoozed the conversation chose the time.")]
public sealed record EndSnoozes : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class EndSnoozesHandler(IAppDbContext db, TimeProvider clock) : AsyncRequestHandler<EndSnoozes>
{
    private const int ChunkSize = 100;

    protected override async Task Handle(EndSnoozes request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // One after the other, because the index begins with the organization.
        foreach (var organizationId in await db.Organizations.Select(o => o.Id).ToListAsync(cancellationToken))
        {
            List<Conversation> over;
            do
            {
                over = await db.Conversations
                    .Where(c => c.OrganizationId == organizationId && c.Status == ConversationStatus.Snoozed && c.SnoozedUntil <= now)
                    .OrderBy(c => c.SnoozedUntil).Take(ChunkSize).ToListAsync(cancellationToken);
                foreach (var conversation in over) conversation.Reopen();
                await db.SaveChangesAsync(cancellationToken);
            }
            while (over.Count == ChunkSize);
        }
    }
}
