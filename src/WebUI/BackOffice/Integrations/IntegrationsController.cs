using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class IntegrationsController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/integrations")]
    public Task<IActionResult> Index(OAuthOutcome outcome, CancellationToken cancellationToken) => PageView(outcome, cancellationToken);

    [HttpGet("/settings/integrations/connect")]
    public async Task<IActionResult> Connect(CancellationToken cancellationToken)
    {
        if (await TryAskAsync(new GetOAuthUrl(OAuthBrowserCookie.Read(Request)), cancellationToken) is not { } oauthUrl)
            return await PageView(new OAuthOutcome(), cancellationToken);

        OAuthBrowserCookie.Write(HttpContext, oauthUrl.BrowserSecret);
        return Redirect(oauthUrl.Url.AbsoluteUri);
    }

    [HttpPost("/settings/integrations/pages")]
    public async Task<IActionResult> ChoosePages(long pendingId, List<string> pageIds, CancellationToken cancellationToken)
    {
        var pages = await TryAskAsync(new ConnectPages(pendingId, pageIds), cancellationToken);
        foreach (var failed in pages?.Failed ?? []) ModelState.AddModelError("", failed.Detail);
        if (pages is null or { Connected: [] }) return await PageView(new OAuthOutcome { SelectPage = pendingId }, cancellationToken);

        var connected = string.Join(',', pages.Connected.Select(connection => connection.PageId));
        return pages.Failed is []
            ? RedirectToAction(nameof(Index), new { meta_connected = connected })
            : await PageView(new OAuthOutcome { ConnectedPages = connected }, cancellationToken);
    }

    [HttpPost("/settings/integrations/{id:long}/resubscribe")]
    public async Task<IActionResult> Resubscribe(long id, CancellationToken cancellationToken) =>
        await TryAskAsync(new ResubscribePage(id), cancellationToken) is not null
            ? RedirectToAction(nameof(Index))
            : await PageView(new OAuthOutcome(), cancellationToken);

    [HttpPost("/settings/integrations/{id:long}/disconnect")]
    public async Task<IActionResult> Disconnect(long id, CancellationToken cancellationToken) =>
        await TrySendAsync(new DisconnectPage(id), cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(new OAuthOutcome(), cancellationToken);

    private async Task<IActionResult> PageView(OAuthOutcome outcome, CancellationToken cancellationToken)
    {
        var status = await Mediator.Send(new GetIntegrationStatus(), cancellationToken);
        return View("Index", new IntegrationsViewModel(status, outcome, await FindPendingAsync(outcome.SelectPage, cancellationToken)));
    }

    /// <returns>Null when a Page was already chosen or the time to choose is over.</returns>
    private async Task<PendingConnectionModel?> FindPendingAsync(long? pendingId, CancellationToken cancellationToken)
    {
        if (pendingId is not { } id) return null;

        try
        {
            return await Mediator.Send(new GetPendingConnection(id), cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
