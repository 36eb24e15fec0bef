namespace MetaMessaging.Application.Common;

/// <summary>What an account may still call, as this node counts and Meta reports (platform reference, Send API → Limits).</summary>
public interface IGraphBudget
{
    /// <summary>Takes the permit to send one message, without waiting for it.</summary>
    /// <returns>False when none is free; the dispatcher is woken for the conversation when its turn comes.</returns>
    bool TryTake(string accountId, bool isAudioOrVideo, long conversationId);

    GraphAllowance Read(string accountId);

    GraphUsageModel? ReadApp();
}

/// <param name="Usage">One entry for each kind of call Meta counts; empty when it has not reported any.</param>
/// <param name="ReservedForMessagesUntil">Until then other calls wait, because the hourly limit is near; null when it is not.</param>
public sealed record GraphAllowance(
    IReadOnlyList<CallBudgetModel> Calls, IReadOnlyList<GraphUsageModel> Usage, DateTimeOffset? ReservedForMessagesUntil);

/// <param name="Kind">messages, audioAndVideo or conversations.</param>
/// <param name="PerSecond">On all nodes together.</param>
/// <param name="Available">The number of calls that can start now on the answering node.</param>
/// <param name="Waiting">The number of calls waiting for a permit on the answering node.</param>
public sealed record CallBudgetModel(string Kind, int PerSecond, long Available, long Waiting);

/// <summary>How much of a rolling hour's limits is used, in per cent as Meta reports it; above 100 Meta refuses calls.</summary>
/// <param name="Type">The kind of calls: messenger, instagram, pages or app.</param>
/// <param name="At">When Meta reported it.</param>
public sealed record GraphUsageModel(string Type, double CallCount, double TotalCpuTime, double TotalTime, DateTimeOffset At)
{
    public double Highest => Math.Max(CallCount, Math.Max(TotalCpuTime, TotalTime));
}
