using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using MetaMessaging.Benchmarks.Sending;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>Reads from outside what the nodes have done.</summary>
internal sealed class NodesResult(NodesDatabase database) : IDisposable
{
    private readonly DbConnection connection = database.Open();

    /// <summary>When each pending delivery was seen for the first time.</summary>
    private Dictionary<long, long> pending = [];

    public int Received() => Count("messages WHERE direction = 'Inbound'");

    public int Unsettled() => Count("messages WHERE status IN ('Queued', 'Sending')");

    /// <summary>How long a delivery has been stored and pending. Its time of receipt, or its id, may be older: a paused node stores it when
    /// it wakes up.</summary>
    public TimeSpan LongestWait()
    {
        var now = Stopwatch.GetTimestamp();
        pending = Read("SELECT id FROM webhook_deliveries WHERE state = 'Pending'", rows => rows.GetInt64(0))
            .ToDictionary(id => id, id => pending.GetValueOrDefault(id, now));
        return pending.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(pending.Values.Min());
    }

    /// <summary>Each event once and in its customer's order.</summary>
    public bool IsReceivedOnceAndInOrder(NodesLoad load)
    {
        var found = Read(
            "SELECT c.scoped_user_id, m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id "
                + "WHERE m.direction = 'Inbound' ORDER BY m.id",
            rows => (CustomerId: rows.GetString(0), Number: int.Parse(rows.GetString(1), CultureInfo.InvariantCulture)))
            .ToLookup(m => m.CustomerId, m => m.Number);
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
        var unsent = Count("messages WHERE direction = 'Outbound' AND status <> 'Sent'");
        Console.WriteLine(wrong.Count + unsent == 0
            ? $"Verified: {conversations * messages} messages, each once and in its conversation's order at Meta."
            : $"WRONG: {wrong.Count} conversations have messages missing, twice or out of order at Meta, {unsent} rows are not sent; "
                + $"the first: {wrong.FirstOrDefault()}: {string.Join(' ', atMeta[wrong.FirstOrDefault() ?? ""])}");
        return wrong.Count + unsent == 0;
    }

    public void Dispose() => connection.Dispose();

    private int Count(string rows) =>
        Read($"SELECT count(*) FROM {rows}", found => Convert.ToInt32(found.GetValue(0), CultureInfo.InvariantCulture)).Single();

    private List<T> Read<T>(string sql, Func<DbDataReader, T> row)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by this class itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var found = new List<T>();
        while (rows.Read()) found.Add(row(rows));
        return found;
    }
}
