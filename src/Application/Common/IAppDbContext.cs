using MetaMessaging.Domain.Compliance;
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

    /// <summary>Saves in one transaction and publishes the domain events after its commit.</summary>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The same, with more after the changes and in the same transaction: updates of many rows at once (ExecuteUpdate), or a lock
    /// (<see cref="RowLock"/>), what is read under it, and the changes that follow from it.
    /// </summary>
    Task SaveChangesAsync(Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken);

    /// <summary>Removes deleted content from SQLite's write-ahead log; gives up rather than block others for more than a second.</summary>
    Task PurgeWriteAheadLogAsync(CancellationToken cancellationToken);
}
