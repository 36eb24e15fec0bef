using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Domain.Organizations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Common;

/// <summary>The database, seen through the caller's organization (see <see cref="OrganizationScope"/>).</summary>
public interface IAppDbContext
{
    DbSet<SystemConfig> SystemConfig { get; }

    DbSet<Organization> Organizations { get; }

    DbSet<Membership> Memberships { get; }

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

    DbSet<Receipt> Receipts { get; }

    DbSet<ParkedEvent> ParkedEvents { get; }

    DbSet<IdempotencyKey> IdempotencyKeys { get; }

    DbSet<CannedReply> CannedReplies { get; }

    /// <summary>One transaction; what happened is published after it is committed.</summary>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken = default);

    /// <summary>The same, with set-wise updates after the rows and in the same transaction.</summary>
    Task SaveChangesAsync(Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken);

    /// <summary>Clears what was deleted out of the files that the provider keeps beside the data, as well as it can be done without holding others up.</summary>
    Task ScrubAsync(CancellationToken cancellationToken);
}
