using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Outbound;

/// <summary>
/// Waits until messages are sent or have failed, or the app is being stopped. It polls the rows, so it does not matter which node sends
/// them. Each read has a scope of its own, in the caller's organization.
/// </summary>
internal sealed class MessageOutcome(
    IServiceScopeFactory scopes, OrganizationScope caller, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public static bool IsKnown(IReadOnlyList<MessageModel> messages) =>
        messages.All(m => m.Status is not (MessageStatus.Queued or MessageStatus.Sending));

    /// <returns>The messages, once all of them are sent or failed or the time is over.</returns>
    public async Task<IReadOnlyList<MessageModel>> WaitAsync(
        IReadOnlyList<long> messageIds, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var messages = await ReadAsync(messageIds, cancellationToken);
            if (IsKnown(messages) || clock.GetElapsedTime(started) >= maxWait) return messages;
            if (lifetime.ApplicationStopping.IsCancellationRequested) return messages;
            await Task.Delay(PollInterval, clock, cancellationToken);
        }
    }

    private async Task<List<MessageModel>> ReadAsync(IReadOnlyList<long> messageIds, CancellationToken cancellationToken)
    {
        await using var read = scopes.CreateAsyncScope();
        read.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(caller.OrganizationId!.Value);
        var mediator = read.ServiceProvider.GetRequiredService<IMediator>();
        var messages = new List<MessageModel>();
        foreach (var id in messageIds) messages.Add(await mediator.Send(new GetMessage(id), cancellationToken));
        return messages;
    }
}
