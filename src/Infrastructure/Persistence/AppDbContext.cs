using MetaMessaging.Domain.Compliance;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.Infrastructure.UserAccounts;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Queries see the unit of work's organization only; domain events are published after the commit.</summary>
public abstract partial class AppDbContext(
    DbContextOptions options,
    OrganizationScope scope,
    SecretProtector protector,
    SqliteWriteLock writeLock,
    IMediator mediator,
    ILogger<AppDbContext> logger)
    : IdentityUserContext<AppUser, long>(options), IAppDbContext, IDataProtectionKeyContext
{
    /// <summary>Of saves within a transaction; they are published after its commit.</summary>
    private readonly List<DomainEvent> eventsOfTransaction = [];

    /// <summary>Conversations with a message that the next save marks as sent, see <see cref="MessageReceiptUpdates"/>.</summary>
    private readonly HashSet<long> conversationsOfSent = [];

    private FigureKeeper? figureKeeper;

    public DbSet<SystemConfig> SystemConfig => Set<SystemConfig>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<UserSession> UserSessions => Set<UserSession>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<PageConnection> Connections => Set<PageConnection>();

    public DbSet<PendingConnection> PendingConnections => Set<PendingConnection>();

    public DbSet<OAuthState> OAuthStates => Set<OAuthState>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<DeliveryReplay> DeliveryReplays => Set<DeliveryReplay>();

    public DbSet<RefusedSignatures> RefusedSignatures => Set<RefusedSignatures>();

    public DbSet<Contact> Contacts => Set<Contact>();

    public DbSet<FacebookIdentity> FacebookIdentities => Set<FacebookIdentity>();

    public DbSet<InstagramIdentity> InstagramIdentities => Set<InstagramIdentity>();

    public DbSet<Conversation> Conversations => Set<Conversation>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<MessageAttachment> MessageAttachments => Set<MessageAttachment>();

    public DbSet<MessageReaction> MessageReactions => Set<MessageReaction>();

    public DbSet<SendRefusal> SendRefusals => Set<SendRefusal>();

    public DbSet<TimelineEntry> TimelineEntries => Set<TimelineEntry>();

    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Mention> Mentions => Set<Mention>();

    public DbSet<Receipt> Receipts => Set<Receipt>();

    public DbSet<ParkedEvent> ParkedEvents => Set<ParkedEvent>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<CannedReply> CannedReplies => Set<CannedReply>();

    public DbSet<DataDeletion> DataDeletions => Set<DataDeletion>();

    public DbSet<MessageRollup> MessageRollups => Set<MessageRollup>();

    public DbSet<ResponseRollup> ResponseRollups => Set<ResponseRollup>();

    public DbSet<ContactRollup> ContactRollups => Set<ContactRollup>();

    public DbSet<Counter> Counters => Set<Counter>();

    public FigureChanges Figures { get; } = new();

    internal SecretProtector Protector => protector;

    /// <summary>Part of the model's cache key: queries of workers, which serve all organizations, have no filter.</summary>
    internal bool SeesAllOrganizations => scope.SeesAllOrganizations;

    /// <summary>True for the unit of work that stores what Meta sends, see <see cref="SqliteWriteLock"/>.</summary>
    internal bool HasWritePriority { get; set; }

    /// <summary>True when the unit of work ends with its save, so that the entities need not be tracked any more after it.</summary>
    internal bool EndsWithSave { get; set; }

    // No organization has the id 0, so a unit of work that has entered none sees no rows.
    private long CurrentOrganizationId => scope.OrganizationId ?? 0;

    public override Task<int> SaveChangesAsync(CancellationToken cancellationToken = default) => SaveChangesAsync(true, cancellationToken);

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null)
        {
            ChangeTracker.DetectChanges();
            eventsOfTransaction.AddRange(PrepareChanges());
            await ReadBeforeSaveAsync(cancellationToken);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        var hasOtherFigures = !Figures.IsEmpty;
        var events = PrepareChanges();
        if (!FigureKeeper.HasChanges && !ChangeTracker.HasChanges())
        {
            await PublishAsync(events);
            return 0;   // other writers need not wait for one that has nothing to write
        }

        var rows = 0;
        var isRetried = Database.CreateExecutionStrategy().RetriesOnFailure;
        if (!FigureKeeper.HasChanges && !isRetried)
        {
            using var heldLock = await writeLock.TakeAsync(HasWritePriority, cancellationToken);
            rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        else
        {
            var canRepeat = isRetried && !hasOtherFigures && !FigureKeeper.NeedsNewIds;
            await SaveInTransactionAsync(
                async token => rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess && !canRepeat, token), _ => Task.CompletedTask,
                canRepeat, cancellationToken);
            if (acceptAllChangesOnSuccess && canRepeat) ChangeTracker.AcceptAllChanges();
        }

        await PublishAsync(events);
        return rows;
    }

    public async Task SaveChangesAsync(Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken)
    {
        if (Database.CurrentTransaction is not null)
        {
            await SaveChangesAsync(cancellationToken);
            await thenUpdate(cancellationToken);
            return;
        }

        var events = PrepareChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;   // PrepareChanges has detected them, and thousands of rows may be tracked
        try
        {
            await SaveInTransactionAsync(SaveRowsAsync, thenUpdate, canRepeat: false, cancellationToken);
            events.AddRange(eventsOfTransaction);
        }
        finally
        {
            eventsOfTransaction.Clear();
            ChangeTracker.AutoDetectChangesEnabled = true;
        }

        await PublishAsync(events);
    }

    public abstract Task<T> ReadSnapshotAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken);

    /// <summary>So that the request that failed can be handled again from its beginning.</summary>
    internal void ForgetChanges()
    {
        ChangeTracker.Clear();
        FigureKeeper.Clear();
        conversationsOfSent.Clear();
        eventsOfTransaction.Clear();
    }

    /// <summary>Writes a row of some pages and deletes it, in one transaction; waits a second at most for other processes.</summary>
    internal abstract Task TryWriteAsync(CancellationToken cancellationToken);

    public virtual Task PurgeWriteAheadLogAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds the rows' numbers to the rows with the same keys, or inserts them (<see cref="AdditiveUpsert"/>).</summary>
    internal abstract Task AddToRowsAsync(IReadOnlyList<object> rows, CancellationToken cancellationToken);

    /// <summary>Nobody else changes the conversations before the commit; on SQLite nobody does anyway.</summary>
    internal virtual Task LockConversationsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In a transaction: no other node sets the database up before the commit. On SQLite no other writes anyway.</summary>
    internal virtual Task LockSetUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual Task SaveRowsAsync(CancellationToken cancellationToken) => base.SaveChangesAsync(true, cancellationToken);

    private FigureKeeper FigureKeeper => figureKeeper ??= new FigureKeeper(this);

    /// <param name="canRepeat">The changes stay pending until the commit, and nothing else has counted figures.</param>
    private async Task SaveInTransactionAsync(
        Func<CancellationToken, Task> save, Func<CancellationToken, Task> thenUpdate, bool canRepeat, CancellationToken cancellationToken)
    {
        var isRepetition = false;
        try
        {
            using var heldLock = await writeLock.TakeAsync(HasWritePriority, cancellationToken);
            await new SaveTransaction(this).RunAsync(
                async token =>
                {
                    if (isRepetition) PrepareAgain();
                    isRepetition = true;
                    await ReadBeforeSaveAsync(token);
                    await save(token);
                    await thenUpdate(token);
                    await FigureKeeper.WriteAsync(token);
                },
                canRepeat, cancellationToken);
        }
        finally
        {
            FigureKeeper.Clear();
        }
    }

    private void PrepareAgain()
    {
        FigureKeeper.Clear();
        PrepareChanges();   // the events are known from the first time
    }

    private async Task ReadBeforeSaveAsync(CancellationToken cancellationToken)
    {
        if (conversationsOfSent.Count > 0) await LockConversationsAsync(conversationsOfSent, cancellationToken);
        conversationsOfSent.Clear();
        await FigureKeeper.ReadBeforeSaveAsync(cancellationToken);
    }

    /// <summary>Increments versions, counts what changes, and refuses to write rows of another organization.</summary>
    /// <returns>The events that the changed entities have raised.</returns>
    private List<DomainEvent> PrepareChanges()
    {
        var events = new List<DomainEvent>();
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry is { State: EntityState.Modified, Entity: IVersioned } && entry.Property(nameof(IVersioned.Version)) is var version)
                version.CurrentValue = (int)version.OriginalValue! + 1;
            if (entry.State is not EntityState.Unchanged) EnsureOwnOrganization(entry);
            if (entry is { Entity: AuditEntry, State: EntityState.Modified or EntityState.Deleted })
                throw new InvalidOperationException("Entries of the audit log are only added.");
            FigureKeeper.Collect(entry);
            if (entry is { Entity: Message { Status: MessageStatus.Sent } sent, State: EntityState.Modified })
                conversationsOfSent.Add(sent.ConversationId);
            if (entry.Entity is not Entity entity || entity.Events.Count == 0) continue;
            events.AddRange(entity.Events);
            entity.ClearEvents();
        }

        return events;
    }

    private void EnsureOwnOrganization(EntityEntry entry)
    {
        if (SeesAllOrganizations || entry.Entity is not IOwnedByOrganization owned || owned.OrganizationId == scope.OrganizationId
            || owned.OrganizationId == scope.NewOrganizationId) return;
        throw new InvalidOperationException($"{entry.Metadata.ShortName()} belongs to another organization than this unit of work.");
    }

    private async Task PublishAsync(List<DomainEvent> events)
    {
        foreach (var domainEvent in events.Distinct())   // a hundred messages of one conversation update it once
        {
            using var activity = Tracing.Continue(domainEvent.GetType().Name, domainEvent.Activity);
            try
            {
                await mediator.Publish(Happened.Create(domainEvent), CancellationToken.None);
            }
            catch (Exception exception)
            {
                // The changes are committed, and subscribers do only what may be lost.
                LogSubscriberFailed(exception, domainEvent.GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A subscriber of the event {Event} failed")]
    private partial void LogSubscriberFailed(Exception exception, string @event);
}
