using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

internal sealed class SignalRLiveUpdates(IHubContext<InboxHub> hub) : ILiveUpdates
{
    public Task MessageCreatedAsync(long organizationId, long conversationId, long messageId) =>
        Send(organizationId, "messageCreated", new { messageId, conversationId });

    public Task MessageUpdatedAsync(long organizationId, long conversationId, long messageId) =>
        Send(organizationId, "messageUpdated", new { messageId, conversationId });

    public Task ConversationUpdatedAsync(long organizationId, long conversationId) =>
        Send(organizationId, "conversationUpdated", new { conversationId });

    private Task Send(long organizationId, string eventName, object ids) =>
        hub.Clients.Group(InboxHub.GroupOf(organizationId)).SendAsync(eventName, ids);
}
