using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Agent)]
public sealed class FailedMessagesController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/inbox/failed")]
    public Task<IActionResult> Index(
        FailedFilterForm filter, string? cursor, int? retried, int? left, CancellationToken cancellationToken) =>
        ListView(filter, cursor, retried, left, cancellationToken);

    [HttpGet("/inbox/failed/link")]
    public IActionResult Link() => ViewComponent(typeof(FailedLinkViewComponent));

    /// <param name="all">Retry every message that the filter matches, instead of the selected ones.</param>
    /// <param name="only">The message whose own button was pressed.</param>
    [HttpPost("/inbox/failed/retry")]
    public async Task<IActionResult> Retry(long[] ids, bool all, long? only, FailedFilterForm filter, CancellationToken cancellationToken)
    {
        var request = all ? filter.ToRetry(ReaderTimeZone.Of(Request)) : new RetryMessages(only is { } id ? [id] : ids);
        if (await TryAskAsync(request, cancellationToken) is not { } outcome)
            return await ListView(filter, null, null, null, cancellationToken);

        if (outcome.Refused.Count == 0)
            return RedirectToAction(nameof(Index), filter.ToRouteValues(("retried", outcome.Retried), ("left", outcome.Left)));

        foreach (var (reason, messages) in outcome.Refused.CountBy(refused => refused.Detail))
        {
            ModelState.AddModelError("", messages == 1
                ? $"One message stays as it is. {reason}"
                : $"{messages} messages stay as they are. {reason}");
        }

        return await ListView(filter, null, outcome.Retried, outcome.Left, cancellationToken);
    }

    private async Task<IActionResult> ListView(
        FailedFilterForm filter, string? cursor, int? retried, int? left, CancellationToken cancellationToken)
    {
        var isRefused = !ModelState.IsValid;
        var messages = await TryAskAsync(filter.ToList(ReaderTimeZone.Of(Request), cursor), cancellationToken);
        if (messages is null && isRefused) messages = await Mediator.Send(new ListFailedMessages(), cancellationToken);
        filter.Connections = (await Mediator.Send(new GetIntegrationStatus(), cancellationToken)).Connections;
        return View("Index", new FailedMessagesViewModel(
            filter, messages ?? new Page<FailedMessage>([], null), cursor is null, retried, left));
    }
}

/// <param name="Retried">How many messages the last request queued again; null when there was none.</param>
/// <param name="Left">How many more messages the filter matches.</param>
public sealed record FailedMessagesViewModel(
    FailedFilterForm Filter, Page<FailedMessage> Messages, bool IsFirstPage, int? Retried, int? Left);
