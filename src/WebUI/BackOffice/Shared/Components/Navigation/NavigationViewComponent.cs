using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The links to the pages that the caller may open.</summary>
public sealed class NavigationViewComponent(IMediator mediator, ICaller caller) : ViewComponent
{
    private static readonly NavigationItem[] Items =
    [
        new("Inbox", "/inbox", "messages", Policies.Agent),
        new("Contacts", "/contacts", "users", Policies.Agent),
        new("Dashboard", "/dashboard", "chart-bar", Policies.Agent),
        new("Integrations", "/settings/integrations", "plug-connected", Policies.Admin, "Settings"),
        new("Canned replies", "/settings/canned-replies", "message-bolt", Policies.Admin, "Settings"),
        new("Members", "/settings/members", "user-plus", Policies.Admin, "Settings"),
        new("Organization", "/settings/organization", "server", Policies.Admin, "Settings"),
        new("API keys", "/settings/api-keys", "key", Policies.Admin, "Settings"),
        new("Retention", "/settings/retention", "clock", Policies.Admin, "Settings"),
        new("Webhook deliveries", "/ops/webhooks", "webhook", Policies.Ops, "Ops"),
        new("Sending", "/ops/sending", "send", Policies.Ops, "Ops"),
        new("Audit log", "/admin/audit", "history", Policies.Admin, "Admin"),
        new("Organizations", "/admin/organizations", "list", Policies.SystemAdmin, "Admin"),
        new("Connections", "/admin/connections", "activity", Policies.SystemAdmin, "Admin"),
        new("System Config", "/admin/system-config", "settings", Policies.SystemAdmin, "Admin"),
        new("Compliance", "/admin/compliance", "shield-lock", Policies.SystemAdmin, "Admin"),
    ];

    public async Task<IViewComponentResult> InvokeAsync()
    {
        var organizations = (await mediator.Send(new ListMyOrganizations(), HttpContext.RequestAborted)).Items;
        var unread = UserClaimsPrincipal.IsInRole(Policies.Agent)
            ? await mediator.Send(new CountUnreadConversations(), HttpContext.RequestAborted)
            : 0;
        var problems = UserClaimsPrincipal.IsInRole(Policies.Admin)
            ? await mediator.Send(new CountConnectionProblems(), HttpContext.RequestAborted)
            : 0;
        var items = Items.Where(item => UserClaimsPrincipal.IsInRole(item.Policy));
        return View(new NavigationViewModel(caller.Name, caller.Email, organizations, [.. items], unread, problems));
    }
}

public sealed record NavigationViewModel(
    string Name, string Email, IReadOnlyList<MyOrganizationModel> Organizations, IReadOnlyList<NavigationItem> Items, int Unread,
    int Problems)
{
    public string? Organization => Organizations.FirstOrDefault(o => o.IsCurrent)?.Name;

    /// <summary>The links that do not fit into the bar on a phone. They are in the account menu there.</summary>
    public IEnumerable<NavigationItem> Rest => Items.Count > 4 ? Items.Where(item => item.Policy != Policies.Agent) : [];

    public bool BeginsGroup(NavigationItem item) => item.Group is not null && Items.First(i => i.Group == item.Group) == item;
}

/// <param name="Group">Texts name a page by its group and link: "Settings → Integrations".</param>
public sealed record NavigationItem(string Text, string Path, string Icon, string Policy, string? Group = null);
