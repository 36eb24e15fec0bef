using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Sending;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>Reads from outside what the nodes have done.</summary>
internal sealed class NodesResult(string folder) : IDisposable
{
    private readonly SqliteConnection connection = Open(folder);

    /// <summary>At each look the time and the highest id of a delivery.</summary>
    private readonly List<(long At, long HighestId)> looks = [];

    public int Received() => (int)Number("SELECT count(*) FROM messages WHERE direction = 'Inbound'");

    public int Unsettled() => (int)Number("SELECT count(*) FROM messages WHERE status IN ('Queued', 'Sending')");

    /// <summary>How long the oldest delivery has been stored. Its time of receipt may be earlier: a paused node stores it when it wakes
    /// up.</summary>
    public TimeSpan OldestWait()
    {
        looks.Add((Stopwatch.GetTimestamp(), Number("SELECT coalesce(max(id), 0) FROM webhook_deliveries")));
        var oldest = Number("SELECT coalesce(min(id), 0) FROM webhook_deliveries WHERE state = 'Pending'");
        if (oldest == 0) return TimeSpan.Zero;
        return looks.Find(l => l.HighestId >= oldest) is { At: > 0 } seen ? Stopwatch.GetElapsedTime(seen.At) : TimeSpan.Zero;
    }

    /// <summary>Each event once and in its customer's order.</summary>
    public bool IsReceivedOnceAndInOrder(NodesLoad load)
    {
        var found = Texts("SELECT c.scoped_user_id, m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id "
            + "WHERE m.direction = 'Inbound' ORDER BY m.id");
        var wrong = load.Expected().Where(e => !found[e.CustomerId].SequenceEqual(e.Numbers)).ToList();
        Console.WriteLine(wrong.Count == 0
            ? $"Verified: {found.Sum(g => g.Count())} events, each once and in its conversation's order."
            : $"WRONG: {wrong.Count} conversations have events missing, twice or out of order; the first: {wrong[0].CustomerId}: "
                + string.Join(' ', found[wrong[0].CustomerId]));
        return wrong.Count == 0;
    }

    /// <summary>Each queued message once and in its conversation's order at Meta, and each row true.</summary>
    public bool IsSentOnceAndInOrder(SendStub meta, int conversations, int messages)
    {
        var atMeta = meta.Arrived.ToLookup(a => a.RecipientId, a => a.Number);
        var wrong = Enumerable.Range(0, conversations).Select(SendDatabase.CustomerId)
            .Where(id => !atMeta[id].SequenceEqual(Enumerable.Range(0, messages))).ToList();
        var unsent = (int)Number("SELECT count(*) FROM messages WHERE direction = 'Outbound' AND status <> 'Sent'");
        Console.WriteLine(wrong.Count + unsent == 0
            ? $"Verified: {conversations * messages} messages, each once and in its conversation's order at Meta."
            : $"WRONG: {wrong.Count} conversations have messages missing, twice or out of order at Meta, {unsent} rows are not sent; "
                + $"the first: {wrong.FirstOrDefault()}: {string.Join(' ', atMeta[wrong.FirstOrDefault() ?? ""])}");
        return wrong.Count + unsent == 0;
    }

    public void Dispose() => connection.Dispose();

    private static SqliteConnection Open(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "app.db")};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    private long Number(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by this class itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private ILookup<string, int> Texts(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by this class itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var found = new List<(string, int)>();
        while (rows.Read()) found.Add((rows.GetString(0), int.Parse(rows.GetString(1), CultureInfo.InvariantCulture)));
        return found.ToLookup(f => f.Item1, f => f.Item2);
    }
}
