using System.Collections.Concurrent;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Each account's use of its hourly limits, from the headers of Meta's answers (platform reference, Send API → Limits).</summary>
internal sealed class GraphUsage(TimeProvider clock)
{
    private const double NearLimitPercent = 90;

    /// <summary>The hour is a rolling one, so the usage goes down within minutes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan MaxPause = TimeSpan.FromDays(1);

    /// <summary>The key for the whole app's usage; the other keys are account ids, which are numbers.</summary>
    private const string WholeApp = "app";

    private readonly ConcurrentDictionary<string, DateTimeOffset> pausedUntil = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<GraphUsageModel>> lastReported = new();

    public GraphUsageModel? OfApp => Of(WholeApp) is [var app] ? app : null;

    public void Record(HttpResponseMessage response)
    {
        var now = clock.GetUtcNow();
        foreach (var (accountId, kinds, minutesToRegain) in UsagesIn(response, now))
        {
            lastReported[accountId] = kinds;
            var percent = kinds.Select(kind => kind.Highest).DefaultIfEmpty().Max();
            if (minutesToRegain > 0 || percent >= NearLimitPercent)
            {
                var wait = minutesToRegain > 0 ? TimeSpan.FromMinutes(Math.Min(minutesToRegain, MaxPause.TotalMinutes)) : Pause;
                pausedUntil[accountId] = now + wait;
            }
            else
            {
                pausedUntil.TryRemove(accountId, out _);
            }
        }
    }

    public TimeSpan? WaitFor(string? accountId) => Remaining(WholeApp) ?? (accountId is null ? null : Remaining(accountId));

    /// <summary>Near Meta's limit, calls that can wait are refused here, so that what is left goes to messages.</summary>
    public void EnsureNotNearLimit(params ReadOnlySpan<string> accountIds)
    {
        foreach (var accountId in accountIds)
        {
            if (WaitFor(accountId) is { } wait) throw new GraphException(GraphErrors.NearLimit(wait));
        }
    }

    public IReadOnlyList<GraphUsageModel> Of(string accountId) => lastReported.GetValueOrDefault(accountId) ?? [];

    public static double MinutesToRegainAccess(HttpResponseMessage response) =>
        UsagesIn(response, default).Select(usage => usage.MinutesToRegain).DefaultIfEmpty().Max();

    private TimeSpan? Remaining(string name) =>
        pausedUntil.TryGetValue(name, out var until) && until - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : null;

    /// <summary>X-App-Usage: the app's usage. X-Business-Use-Case-Usage: a list for each account, an entry for each kind of call.</summary>
    private static List<(string AccountId, IReadOnlyList<GraphUsageModel> Kinds, double MinutesToRegain)> UsagesIn(
        HttpResponseMessage response, DateTimeOffset at)
    {
        var found = new List<(string, IReadOnlyList<GraphUsageModel>, double)>();
        using var app = Read(response, "X-App-Usage");
        using var accounts = Read(response, "X-Business-Use-Case-Usage");
        try
        {
            if (app is not null) found.Add((WholeApp, [UsageOf(app.RootElement, at)], 0));
            foreach (var account in accounts?.RootElement.EnumerateObject() ?? default)
            {
                found.Add((
                    account.Name,
                    [.. account.Value.EnumerateArray().Select(usage => UsageOf(usage, at))],
                    account.Value.EnumerateArray()
                        .Select(usage => Number(usage, "estimated_time_to_regain_access"))
                        .DefaultIfEmpty()
                        .Max()));
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            // The headers only help to stay below the limits; a malformed one must not cost the answer.
        }

        return found;
    }

    private static JsonDocument? Read(HttpResponseMessage response, string header)
    {
        try
        {
            return response.Headers.TryGetValues(header, out var values) ? JsonDocument.Parse(string.Join(',', values)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static GraphUsageModel UsageOf(JsonElement usage, DateTimeOffset at) => new(
        usage.TryGetProperty("type", out var type) ? type.GetString() ?? "" : WholeApp,
        Number(usage, "call_count"), Number(usage, "total_cputime"), Number(usage, "total_time"), at);

    private static double Number(JsonElement usage, string name) => usage.TryGetProperty(name, out var number) ? number.GetDouble() : 0;
}
