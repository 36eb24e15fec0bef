using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class RetentionController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/retention")]
    public async Task<IActionResult> Index(bool saved, CancellationToken cancellationToken) =>
        View(new RetentionViewModel(RetentionForm.Of(await Mediator.Send(new GetRetention(), cancellationToken)), null, saved));

    /// <summary>Counts before anything is saved: what is deleted at night does not come back.</summary>
    [HttpGet("/settings/retention/preview")]
    public async Task<IActionResult> Preview(RetentionForm form, CancellationToken cancellationToken) =>
        View("Index", new RetentionViewModel(form, await TryAskAsync(form.ToPreview(), cancellationToken), IsSaved: false));

    [HttpPost("/settings/retention")]
    public async Task<IActionResult> Save(RetentionForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(form.ToRequest(), cancellationToken)
            ? RedirectToAction(nameof(Index), new { saved = true })
            : View("Index", new RetentionViewModel(form, null, IsSaved: false));
}

/// <param name="Preview">What the values in the form would delete; null until it is asked for.</param>
public sealed record RetentionViewModel(RetentionForm Form, RetentionPreview? Preview, bool IsSaved)
{
    /// <summary>In words, what would be deleted of each kind.</summary>
    internal IEnumerable<(string Icon, string Text)> Deleted => Preview is not { } preview ? [] : new[]
    {
        ("messages", preview.Messages, "message", "messages"),
        ("list", preview.Entries, "entry between the messages", "entries between the messages"),
        ("edit", preview.Notes, "internal note", "internal notes"),
        ("paperclip", preview.Files, "file", "files"),
        ("webhook", preview.Deliveries, "webhook delivery", "webhook deliveries"),
        ("history", preview.AuditEntries, "entry of the audit log", "entries of the audit log"),
    }.Where(kind => kind.Item2.Count > 0).Select(kind => (kind.Item1, Describe(kind.Item2, kind.Item3, kind.Item4)));

    private static string Describe(RetentionCount count, string one, string many) =>
        $"{(count.IsMore ? "more than " : "")}{Figures.Number(count.Count)} {(count.Count == 1 ? one : many)}";
}
