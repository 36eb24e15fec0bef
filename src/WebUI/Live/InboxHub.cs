using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>Tells open pages which rows changed. It sends ids only; a page fetches the content with the rights of its own user.</summary>
[Authorize(Policies.ReadConversations)]
internal sealed class InboxHub(LiveConnections connections) : Hub
{
    public const string Path = "/hubs/inbox";

    public override async Task OnConnectedAsync()
    {
        connections.Add(Context);
        // The connection's request has resolved the caller; a hub call runs in a scope of its own.
        var scope = Context.GetHttpContext()!.RequestServices.GetRequiredService<OrganizationScope>();
        if (scope.OrganizationId is { } organizationId) await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(organizationId));
        await base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Context);
        return base.OnDisconnectedAsync(exception);
    }

    internal static string GroupOf(long organizationId) => FormattableString.Invariant($"organization-{organizationId}");
}
