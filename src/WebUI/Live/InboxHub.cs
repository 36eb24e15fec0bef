using MetaMessaging.Application.Live;
using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>
/// Tells open pages which rows changed. It sends ids only, and of colleagues the names; a page fetches the content with the rights of its
/// own user. A page tells which conversation it shows.
/// </summary>
[Authorize(Policies.ReadConversations)]
internal sealed class InboxHub(LiveConnections connections, Presence presence, IMediator mediator, OrganizationScope callScope) : Hub
{
    public const string Path = "/hubs/inbox";

    /// <summary>Null when the caller works in no organization.</summary>
    private LiveMember? Member => Context.Items.TryGetValue(typeof(LiveMember), out var member) ? (LiveMember?)member : null;

    public override async Task OnConnectedAsync()
    {
        var items = Context.GetHttpContext()!.Items;
        if (items[typeof(LiveAccess)] is LiveAccess access) connections.Add(Context, access);
        if (items[typeof(LiveMember)] is LiveMember member)
        {
            Context.Items[typeof(LiveMember)] = member;
            await Groups.AddToGroupAsync(Context.ConnectionId, GroupOf(member.OrganizationId));
        }

        await base.OnConnectedAsync();
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Context);
        presence.Leave(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    /// <summary>The page shows a conversation. It counts for 15 seconds; the page calls again before they are over.</summary>
    /// <returns>Who looks at it; nobody when the organization has no such conversation, and for API keys.</returns>
    public async Task<IReadOnlyList<PresentMember>> Look(long conversationId)
    {
        if (Member is not { UserId: > 0 } member || !await MayLookAsync(member, conversationId)) return [];
        return presence.Look(Context.ConnectionId, member, conversationId);
    }

    /// <summary>A reply to the conversation that the page shows is being typed.</summary>
    public void Type() => presence.Type(Context.ConnectionId);

    /// <summary>The page shows no conversation any more, or is not looked at.</summary>
    public void Leave() => presence.Leave(Context.ConnectionId);

    internal static string GroupOf(long organizationId) => FormattableString.Invariant($"organization-{organizationId}");

    /// <summary>Asks the database once for each conversation, not with every repetition.</summary>
    private async Task<bool> MayLookAsync(LiveMember member, long conversationId)
    {
        if (Context.Items.TryGetValue(nameof(Look), out var known) && known is long id && id == conversationId) return true;
        callScope.Enter(member.OrganizationId);
        if (!await mediator.Send(new HasConversation(conversationId), Context.ConnectionAborted)) return false;
        Context.Items[nameof(Look)] = conversationId;
        return true;
    }
}
