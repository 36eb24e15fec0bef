using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.People;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The pages that the caller may open; what they may not, they do not see.</summary>
public sealed class NavigationViewComponent(IMediator mediator, ICaller caller) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync()
    {
        var me = await mediator.Send(new GetMe(), HttpContext.RequestAborted);
        var unread = UserClaimsPrincipal.IsInRole(Policies.Agent) ? await mediator.Send(new CountUnreadConversations(), HttpContext.RequestAborted) : 0;
        return View(new NavigationViewModel(caller.Name, caller.Email, me.Organization?.Name, [.. Items().Where(Allowed)], unread));
    }

    private static IEnumerable<NavigationItem> Items()
    {
        yield return new NavigationItem("Inbox", "/inbox", "messages", Policies.Agent);
        yield return new NavigationItem("Contacts", "/contacts", "users", Policies.Agent);
        yield return new NavigationItem("Dashboard", "/dashboard", "chart-bar", Policies.Agent);
        yield return new NavigationItem("Integrations", "/settings/integrations", "plug-connected", Policies.Admin);
        yield return new NavigationItem("Canned replies", "/settings/canned-replies", "message-bolt", Policies.Admin);
        yield return new NavigationItem("API keys", "/settings/api-keys", "key", Policies.Admin);
        yield return new NavigationItem("Deliveries", "/ops/webhooks", "webhook", Policies.Ops);
        yield return new NavigationItem("Sending", "/ops/sending", "send", Policies.Ops);
        yield return new NavigationItem("System", "/admin/system-config", "settings", Policies.SystemAdmin);
    }

    private bool Allowed(NavigationItem item) => UserClaimsPrincipal.IsInRole(item.Policy);
}

public sealed record NavigationViewModel(string Name, string Email, string? Organization, IReadOnlyList<NavigationItem> Items, int Unread)
{
    /// <summary>What a phone's bar has no room for; there it is in the account's menu.</summary>
    public IEnumerable<NavigationItem> Rest => Items.Count > 4 ? Items.Where(item => item.Policy != Policies.Agent) : [];
}

public sealed record NavigationItem(string Text, string Path, string Icon, string Policy);
