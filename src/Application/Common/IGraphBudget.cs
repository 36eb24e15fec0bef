namespace MetaMessaging.Application.Common;

/// <summary>
/// What each Page and Instagram account may still call (platform reference, Send API → Limits): as much as Meta allows in a moment, and what its answers say
/// of the hour. Kept by each node for itself.
/// </summary>
public interface IGraphBudget
{
    /// <summary>Takes one message's room, without waiting for it.</summary>
    /// <returns>False when there is none now; the conversation is woken as soon as it is its turn.</returns>
    bool TryTake(string accountId, bool isAudioOrVideo, long conversationId);

    GraphAllowance Read(string accountId);

    /// <summary>What Meta says of the app as a whole; null when it has said nothing.</summary>
    GraphUsageModel? ReadApp();
}

/// <param name="Usage">One a kind of call that Meta counts; empty when it has said nothing.</param>
/// <param name="SavedUntil">Until then only messages are sent, for little is left; null when enough is.</param>
public sealed record GraphAllowance(IReadOnlyList<CallBudgetModel> Calls, IReadOnlyList<GraphUsageModel> Usage, DateTimeOffset? SavedUntil);

/// <param name="Kind">messages, audioAndVideo or conversations.</param>
/// <param name="Available">How many may go at once.</param>
/// <param name="Waiting">How many wait for their turn.</param>
public sealed record CallBudgetModel(string Kind, int PerSecond, long Available, long Waiting);

/// <summary>Meta's percentages of the allowance of a rolling hour; above 100 it refuses.</summary>
/// <param name="Type">Meta's word for the kind of calls: messenger, instagram, pages, app.</param>
/// <param name="At">When Meta said so.</param>
public sealed record GraphUsageModel(string Type, double CallCount, double TotalCpuTime, double TotalTime, DateTimeOffset At)
{
    public double Highest => Math.Max(CallCount, Math.Max(TotalCpuTime, TotalTime));
}
