using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// What one node at a time does, by name. A lease that its holder no longer renews can be taken over; who lost it in this way learns of
/// it inside the transaction that it must not commit.
/// </summary>
internal sealed partial class Leases(IServiceProvider services, TimeProvider clock, ILogger<Leases> logger) : BackgroundService
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Two tries may fail before it expires.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);

    private static readonly string ThisMachine = $"{Environment.MachineName}:";

    private readonly string owner = $"{ThisMachine}{Environment.ProcessId}:{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, Held> held = new();

    /// <summary>Takes it when it is free.</summary>
    /// <returns>False while another node holds it.</returns>
    public async Task<bool> HoldAsync(string name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (held.TryGetValue(name, out var current) && now < current.ExpiresAt) return true;

        await using var work = services.CreateSystemScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        var lease = await db.Set<Lease>().AsNoTracking().SingleOrDefaultAsync(l => l.Name == name, cancellationToken);
        if (lease is not null && lease.ExpiresAt > now && lease.Owner != owner && !IsGone(lease.Owner)) return false;

        var until = now + Lifetime;
        var token = lease is null ? await TryCreateAsync(db, name, until, cancellationToken) : await TryTakeOverAsync(db, lease, until, cancellationToken);
        if (token is null) return false;

        held[name] = new Held(token.Value, until);
        LogTaken(name, token.Value);
        return true;
    }

    /// <summary>Renews it within the caller's transaction, which no other node can overtake from then on.</summary>
    /// <exception cref="LeaseLostException">Another node has it: the transaction must not be committed.</exception>
    public async Task ConfirmAsync(string name, AppDbContext db, CancellationToken cancellationToken)
    {
        if (!held.TryGetValue(name, out var current) || !await RenewAsync(db, name, current.Token, clock.GetUtcNow() + Lifetime, cancellationToken)) throw Lost(name);
    }

    /// <summary>What is held goes to whoever asks next.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        foreach (var name in held.Keys)
        {
            if (!held.TryRemove(name, out var current)) continue;
            await using var work = services.CreateSystemScope();
            await RenewAsync(work.ServiceProvider.GetRequiredService<AppDbContext>(), name, current.Token, clock.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Those who stop before this no longer need what they held.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ReleaseAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            LogRenewalFailed(exception);   // they expire by themselves
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryRenewAllAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // They are released when everybody has stopped.
        }
    }

    private async Task TryRenewAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (name, current) in held)
            {
                await using var work = services.CreateSystemScope();
                var until = clock.GetUtcNow() + Lifetime;
                if (await RenewAsync(work.ServiceProvider.GetRequiredService<AppDbContext>(), name, current.Token, until, cancellationToken))
                    held.TryUpdate(name, current with { ExpiresAt = until }, current);
                else
                    Lost(name);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogRenewalFailed(exception);
        }
    }

    /// <summary>A process of this machine that is no more needs nobody's patience: a restart goes on at once. The token guards against being wrong.</summary>
    private static bool IsGone(string other)
    {
        if (!other.StartsWith(ThisMachine, StringComparison.Ordinal)) return false;
        if (!int.TryParse(other[ThisMachine.Length..].Split(':')[0], CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId) return false;

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

    private async Task<long?> TryCreateAsync(AppDbContext db, string name, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var lease = new Lease(name, owner, until);
        db.Add(lease);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return lease.Token;
        }
        catch (DbUpdateException)
        {
            return null;   // another node was faster, or the next try will say what is wrong
        }
    }

    private async Task<long?> TryTakeOverAsync(AppDbContext db, Lease lease, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (name, before, after) = (lease.Name, lease.Token, lease.Token + 1);
        var rows = await db.Set<Lease>()
            .Where(l => l.Name == name && l.Token == before && l.ExpiresAt == lease.ExpiresAt)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Owner, owner).SetProperty(l => l.Token, after).SetProperty(l => l.ExpiresAt, until), cancellationToken);
        return rows == 1 ? after : null;
    }

    private static async Task<bool> RenewAsync(AppDbContext db, string name, long token, DateTimeOffset until, CancellationToken cancellationToken) =>
        await db.Set<Lease>().Where(l => l.Name == name && l.Token == token)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, until), cancellationToken) == 1;

    private LeaseLostException Lost(string name)
    {
        if (held.TryRemove(name, out var former)) LogLost(name, former.Token);
        return new LeaseLostException(name);
    }

    [LoggerMessage(LogLevel.Information, "This node has taken the lease {Lease} with token {Token}")]
    private partial void LogTaken(string lease, long token);

    [LoggerMessage(LogLevel.Warning, "This node has lost the lease {Lease} with token {Token}")]
    private partial void LogLost(string lease, long token);

    [LoggerMessage(LogLevel.Warning, "Leases could not be renewed")]
    private partial void LogRenewalFailed(Exception failure);

    private sealed record Held(long Token, DateTimeOffset ExpiresAt);
}

/// <summary>Another node does it now; nothing is wrong with the work itself.</summary>
internal sealed class LeaseLostException(string name) : Exception($"The lease {name} is no longer held by this node.");
