using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.Api.Outbound;

/// <summary>
/// Waits until messages are sent or have failed. Looks at the row, so that it does not matter which node sends it; each look is a
/// unit of work of its own, in the caller's organization.
/// </summary>
internal sealed class MessageOutcome(IServiceScopeFactory scopes, OrganizationScope caller, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>Null when the time is over first.</returns>
    public async Task<IReadOnlyList<MessageModel>?> WaitAsync(IReadOnlyList<long> messageIds, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        do
        {
            var messages = await LookAsync(messageIds, cancellationToken);
            if (messages.TrueForAll(m => m.Status is not (MessageStatus.Queued or MessageStatus.Sending))) return messages;
            await Task.Delay(LookEvery, clock, cancellationToken);
        }
        while (clock.GetElapsedTime(started) < atMost);

        return null;
    }

    private async Task<List<MessageModel>> LookAsync(IReadOnlyList<long> messageIds, CancellationToken cancellationToken)
    {
        await using var work = scopes.CreateAsyncScope();
        work.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(caller.OrganizationId!.Value);
        var mediator = work.ServiceProvider.GetRequiredService<IMediator>();
        var messages = new List<MessageModel>();
        foreach (var id in messageIds) messages.Add(await mediator.Send(new GetMessage(id), cancellationToken));
        return messages;
    }
}
