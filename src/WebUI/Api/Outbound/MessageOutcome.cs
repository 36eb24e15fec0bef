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

    public static bool IsKnown(IReadOnlyList<MessageModel> messages) =>
        messages.All(m => m.Status is not (MessageStatus.Queued or MessageStatus.Sending));

    /// <returns>The messages as they are once the outcome of all is known, or the time is over.</returns>
    public async Task<IReadOnlyList<MessageModel>> WaitAsync(
        IReadOnlyList<long> messageIds, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var messages = await LookAsync(messageIds, cancellationToken);
            if (IsKnown(messages) || clock.GetElapsedTime(started) >= atMost) return messages;
            await Task.Delay(LookEvery, clock, cancellationToken);
        }
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
