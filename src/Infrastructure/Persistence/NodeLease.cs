using System.Diagnostics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Renews a <see cref="Lease"/> every three seconds; another node may take it ten seconds after the last renewal. Work under it
/// commits together with a renewal, which fails once another node has taken it over.</summary>
internal sealed partial class NodeLease(string name, IServiceProvider services, TimeProvider clock, ILogger<NodeLease> logger)
    : BackgroundService
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Two renewals may fail before the lease expires.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(3);

    private static readonly string ThisMachine = $"{Environment.MachineName}:";

    private readonly string owner = $"{ThisMachine}{Environment.ProcessId}:{Guid.NewGuid():N}";

    private volatile HeldLease? heldLease;

    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (heldLease is { } current && now < current.ExpiresAt) return true;

        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var lease = await db.Set<Lease>().AsNoTracking().SingleOrDefaultAsync(l => l.Name == name, cancellationToken);
        if (lease is not null && lease.ExpiresAt > now && lease.Owner != owner && !IsEndedProcess(lease.Owner)) return false;

        var expiresAt = now + Lifetime;
        var token = lease is null
            ? await TryCreateAsync(db, expiresAt, cancellationToken)
            : await TryTakeOverAsync(db, lease, expiresAt, cancellationToken);
        if (token is null) return false;

        heldLease = new HeldLease(token.Value, expiresAt);
        LogTaken(name, token.Value);
        return true;
    }

    /// <summary>Renews the lease in the caller's transaction, which locks its row against other nodes until the commit.</summary>
    /// <exception cref="LeaseLostException">Another node has it: the transaction must not be committed.</exception>
    public async Task RenewAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        if (heldLease is { } current && await TrySetExpiryAsync(db, current.Token, clock.GetUtcNow() + Lifetime, cancellationToken)) return;

        RecordLoss();
        throw new LeaseLostException(name);
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (heldLease is not { } current) return;

        heldLease = null;
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await TrySetExpiryAsync(db, current.Token, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>The host stops services in reverse order, so whoever works under the lease has stopped before this.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ReleaseAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            LogRenewalFailed(exception, name);   // it expires by itself
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewalInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryRenewAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync releases the lease.
        }
    }

    private async Task TryRenewAsync(CancellationToken cancellationToken)
    {
        if (heldLease is not { } current) return;
        try
        {
            await using var scope = services.CreateAllOrganizationsScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var expiresAt = clock.GetUtcNow() + Lifetime;
            if (!await TrySetExpiryAsync(db, current.Token, expiresAt, cancellationToken)) RecordLoss();
            else Interlocked.CompareExchange(ref heldLease, current with { ExpiresAt = expiresAt }, current);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogRenewalFailed(exception, name);
        }
    }

    /// <summary>A restart need not wait for an ended process's lease. If its id was reused, the token decides.</summary>
    private static bool IsEndedProcess(string owner)
    {
        if (!owner.StartsWith(ThisMachine, StringComparison.Ordinal)) return false;
        var number = owner[ThisMachine.Length..].Split(':')[0];
        if (!int.TryParse(number, CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId) return false;

        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private async Task<long?> TryCreateAsync(AppDbContext db, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var lease = new Lease(name, owner, expiresAt);
        db.Add(lease);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return lease.Token;
        }
        catch (DbUpdateException)
        {
            return null;   // another node created it first, or the next try fails with the real reason
        }
    }

    private async Task<long?> TryTakeOverAsync(AppDbContext db, Lease lease, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var token = lease.Token + 1;
        var rows = await db.Set<Lease>()
            .Where(l => l.Name == name && l.Token == lease.Token && l.ExpiresAt == lease.ExpiresAt)
            .ExecuteUpdateAsync(
                set => set.SetProperty(l => l.Owner, owner).SetProperty(l => l.Token, token).SetProperty(l => l.ExpiresAt, expiresAt),
                cancellationToken);
        return rows == 1 ? token : null;
    }

    private async Task<bool> TrySetExpiryAsync(
        AppDbContext db, long token, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await db.Set<Lease>().Where(l => l.Name == name && l.Token == token)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, expiresAt), cancellationToken) == 1;

    private void RecordLoss()
    {
        if (Interlocked.Exchange(ref heldLease, null) is { } lost) LogLost(name, lost.Token);
    }

    [LoggerMessage(LogLevel.Information, "This node has taken the lease {Lease} with token {Token}")]
    private partial void LogTaken(string lease, long token);

    [LoggerMessage(LogLevel.Warning, "This node has lost the lease {Lease} with token {Token} to another node")]
    private partial void LogLost(string lease, long token);

    [LoggerMessage(LogLevel.Warning, "The lease {Lease} could not be renewed or released")]
    private partial void LogRenewalFailed(Exception exception, string lease);

    private sealed record HeldLease(long Token, DateTimeOffset ExpiresAt);
}

/// <summary>Another node does the work now; the work itself has no fault.</summary>
internal sealed class LeaseLostException(string name) : Exception($"The lease {name} is no longer held by this node.");
