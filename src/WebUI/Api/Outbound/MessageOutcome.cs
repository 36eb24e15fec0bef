using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.Api.Outbound;

/// <summary>
/// Waits until a message is sent or has failed. Looks at the row, so that it does not matter which node sends it; each look is a
/// unit of work of its own, in the caller's organization.
/// </summary>
internal sealed class MessageOutcome(IServiceScopeFactory scopes, OrganizationScope caller, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <returns>Null when the time is over first.</returns>
    public async Task<MessageModel?> WaitAsync(long messageId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        do
        {
            var message = await LookAsync(messageId, cancellationToken);
            if (message.Status is not (MessageStatus.Queued or MessageStatus.Sending)) return message;
            await Task.Delay(LookEvery, clock, cancellationToken);
        }
        while (clock.GetElapsedTime(started) < atMost);

        return null;
    }

    private async Task<MessageModel> LookAsync(long messageId, CancellationToken cancellationToken)
    {
        await using var work = scopes.CreateAsyncScope();
        work.ServiceProvider.GetRequiredService<OrganizationScope>().Enter(caller.OrganizationId!.Value);
        return await work.ServiceProvider.GetRequiredService<IMediator>().Send(new GetMessage(messageId), cancellationToken);
    }
}
