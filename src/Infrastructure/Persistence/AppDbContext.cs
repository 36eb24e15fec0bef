using System.Reflection;
using MetaMessaging.Domain.Compliance;
using MetaMessaging.Domain.Figures;
using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.Infrastructure.UserAccounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Queries see the unit of work's organization only; domain events are published after the commit.</summary>
public abstract partial class AppDbContext(
    DbContextOptions options,
    OrganizationScope scope,
    SecretProtector protector,
    SqliteWriteLock writeLock,
    IMediator mediator,
    ILogger<AppDbContext> logger)
    : IdentityUserContext<AppUser, long>(options), IAppDbContext
{
    /// <summary>Of saves within a transaction; they are published after its commit.</summary>
    private readonly List<DomainEvent> eventsOfTransaction = [];

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
            await FigureKeeper.ReadBeforeSaveAsync(cancellationToken);
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        var events = PrepareChanges();
        var rows = 0;
        if (!FigureKeeper.HasChanges)
        {
            using var heldLock = await writeLock.TakeAsync(HasWritePriority, cancellationToken);
            rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        else
        {
            await SaveInTransactionAsync(
                async token => rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, token), _ => Task.CompletedTask,
                cancellationToken);
        }

        await PublishAsync(events);
        return rows;
    }

    public async Task SaveChangesAsync(Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken)
    {
        var events = PrepareChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;   // PrepareChanges has detected them, and thousands of rows may be tracked
        try
        {
            await SaveInTransactionAsync(SaveRowsAsync, thenUpdate, cancellationToken);
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

    /// <summary>Writes a row of some pages and deletes it, in one transaction; waits a second at most for other processes.</summary>
    internal abstract Task TryWriteAsync(CancellationToken cancellationToken);

    public virtual Task PurgeWriteAheadLogAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds the rows' numbers to the rows with the same keys, or inserts them (<see cref="AdditiveUpsert"/>).</summary>
    internal abstract Task AddToRowsAsync(IReadOnlyList<object> rows, CancellationToken cancellationToken);

    /// <summary>Nobody else changes the conversations before the commit; on SQLite nobody does anyway.</summary>
    internal virtual Task LockConversationsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the filter alone must not lead to an index of the organization, see <see cref="OwnRows.OfOrganization"/>.</summary>
    private protected virtual bool HidesFilterFromPlanner(Type entity) => false;

    protected virtual Task SaveRowsAsync(CancellationToken cancellationToken) => base.SaveChangesAsync(true, cancellationToken);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Ignore<DomainEvent>();
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);

        builder.Entity<AppUser>().ToTable("users");
        builder.Entity<IdentityUserClaim<long>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("user_tokens");

        ProtectSecrets(builder);
        foreach (var entity in builder.Model.GetEntityTypes().ToList())
        {
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                builder.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            if (!SeesAllOrganizations && typeof(IOwnedByOrganization).IsAssignableFrom(entity.ClrType))
                FilterByOrganization(builder, entity);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();   // SQLite cannot compare offsets
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
    }

    private protected static MethodInfo PositionOfText => typeof(PayloadSearch).GetMethod(nameof(PayloadSearch.Position))!;

    private protected static SqlFunctionExpression Call(string function, params SqlExpression[] arguments) =>
        new(function, arguments, nullable: true, [true, true], typeof(int), typeMapping: null);

    private FigureKeeper FigureKeeper => figureKeeper ??= new FigureKeeper(this);

    private async Task SaveInTransactionAsync(
        Func<CancellationToken, Task> save, Func<CancellationToken, Task> thenUpdate, CancellationToken cancellationToken)
    {
        try
        {
            using var heldLock = await writeLock.TakeAsync(HasWritePriority, cancellationToken);
            await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
            await FigureKeeper.ReadBeforeSaveAsync(cancellationToken);
            await save(cancellationToken);
            await thenUpdate(cancellationToken);
            await FigureKeeper.WriteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            FigureKeeper.Clear();
        }
    }

    private void ProtectSecrets(ModelBuilder builder)
    {
        builder.Entity<SystemConfig>().Property(c => c.MetaMessagingAppSecret).HasConversion(new SecretConverter(protector));
        builder.Entity<SystemConfig>().Property(c => c.OpenIdClientSecret).HasConversion(new SecretConverter(protector));
        builder.Entity<IdentityUserToken<long>>().Property(t => t.Value).HasConversion(new SecretConverter(protector));
        builder.Entity<PageConnection>().Property(c => c.PageAccessToken).HasConversion(new SecretConverter(protector));
        builder.Entity<PendingConnection>().Property(c => c.UserAccessToken).HasConversion(new SecretConverter(protector));
        builder.Entity<PendingConnection>().Property(c => c.Pages).HasConversion(
            new SecretJsonConverter<IReadOnlyList<ConnectablePage>>(protector, []),
            new ValueComparer<IReadOnlyList<ConnectablePage>>(
                (a, b) => ReferenceEquals(a, b), pages => pages.GetHashCode(), pages => pages));
    }

    private void FilterByOrganization(ModelBuilder builder, IMutableEntityType entity) =>
        typeof(AppDbContext).GetMethod(nameof(FilterEntity), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(entity.ClrType)
            .Invoke(this, [builder]);

    private void FilterEntity<TEntity>(ModelBuilder builder) where TEntity : class, IOwnedByOrganization =>
        builder.Entity<TEntity>().HasQueryFilter(HidesFilterFromPlanner(typeof(TEntity))
            ? e => e.OrganizationId + 0 == CurrentOrganizationId : e => e.OrganizationId == CurrentOrganizationId);

    /// <summary>Increments versions, counts what changes, and refuses to write rows of another organization.</summary>
    /// <returns>The events that the changed entities have raised.</returns>
    private List<DomainEvent> PrepareChanges()
    {
        var events = new List<DomainEvent>();
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Modified && entry.Entity is IVersioned versioned)
                entry.Property(nameof(IVersioned.Version)).CurrentValue = versioned.Version + 1;
            if (entry.State is not EntityState.Unchanged) EnsureOwnOrganization(entry);
            if (entry is { Entity: AuditEntry, State: EntityState.Modified or EntityState.Deleted })
                throw new InvalidOperationException("Entries of the audit log are only added.");
            FigureKeeper.Collect(entry);
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
