using MetaMessaging.Domain.Compliance;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.Common;

/// <summary>The database, with the rows that <see cref="OrganizationScope"/> lets the unit of work see.</summary>
public interface IAppDbContext
{
    DbSet<SystemConfig> SystemConfig { get; }

    DbSet<Organization> Organizations { get; }

    DbSet<Membership> Memberships { get; }

    DbSet<Invitation> Invitations { get; }

    DbSet<UserSession> UserSessions { get; }

    DbSet<AuditEntry> AuditEntries { get; }

    DbSet<ApiKey> ApiKeys { get; }

    DbSet<PageConnection> Connections { get; }

    DbSet<PendingConnection> PendingConnections { get; }

    DbSet<OAuthState> OAuthStates { get; }

    DbSet<WebhookDelivery> WebhookDeliveries { get; }

    DbSet<DeliveryReplay> DeliveryReplays { get; }

    DbSet<RefusedSignatures> RefusedSignatures { get; }

    DbSet<Contact> Contacts { get; }

    DbSet<FacebookIdentity> FacebookIdentities { get; }

    DbSet<InstagramIdentity> InstagramIdentities { get; }

    DbSet<Conversation> Conversations { get; }

    DbSet<Message> Messages { get; }

    DbSet<MessageAttachment> MessageAttachments { get; }

    DbSet<MessageReaction> MessageReactions { get; }

    DbSet<SendRefusal> SendRefusals { get; }

    DbSet<TimelineEntry> TimelineEntries { get; }

    DbSet<Note> Notes { get; }

    DbSet<Mention> Mentions { get; }

    DbSet<Receipt> Receipts { get; }

    DbSet<ParkedEvent> ParkedEvents { get; }

    DbSet<IdempotencyKey> IdempotencyKeys { get; }

    DbSet<CannedReply> CannedReplies { get; }

    DbSet<DataDeletion> DataDeletions { get; }

    DbSet<MessageRollup> MessageRollups { get; }

    DbSet<ResponseRollup> ResponseRollups { get; }

    DbSet<ContactRollup> ContactRollups { get; }

    DbSet<Counter> Counters { get; }

    /// <summary>Added to the rollups and counters at the end of the transaction. Changes of entities are added by the save.</summary>
    FigureChanges Figures { get; }

    /// <summary>Saves in one transaction and publishes the domain events after its commit.</summary>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The same, with more after the changes and in the same transaction: updates of many rows at once (ExecuteUpdate), or a lock
    /// (<see cref="RowLock"/>), what is read under it, and the changes that follow from it.
    /// </summary>
    Task SaveChangesAsync(Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken);

    /// <summary>Everything that is read in it is of one moment.</summary>
    Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Removes deleted content from SQLite's write-ahead log; gives up rather than block others for more than a second.</summary>
    Task PurgeWriteAheadLogAsync(CancellationToken cancellationToken);
}
