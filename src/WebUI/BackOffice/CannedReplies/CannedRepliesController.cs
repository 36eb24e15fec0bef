using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class CannedRepliesController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/canned-replies")]
    public Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) => PageView(null, cursor, cancellationToken);

    [HttpPost("/settings/canned-replies")]
    public async Task<IActionResult> Create(CannedReplyForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(new CreateCannedReply(form.Name, form.Shortcut, form.Text), cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(form, null, cancellationToken);

    [HttpPost("/settings/canned-replies/{id:long}")]
    public async Task<IActionResult> Update(long id, CannedReplyForm form, string? cursor, CancellationToken cancellationToken) =>
        await TrySendAsync(new UpdateCannedReply(id, form.Name, form.Shortcut, form.Text), cancellationToken)
            ? RedirectToAction(nameof(Index), new { cursor })
            : await PageView(form, cursor, cancellationToken);

    [HttpPost("/settings/canned-replies/{id:long}/delete")]
    public async Task<IActionResult> Delete(long id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new DeleteCannedReply(id), cancellationToken);
        return RedirectToAction(nameof(Index));
    }

    private async Task<IActionResult> PageView(CannedReplyForm? refused, string? cursor, CancellationToken cancellationToken)
    {
        var replies = await Mediator.Send(new ListCannedReplies(Cursor: cursor), cancellationToken);
        return View("Index", new CannedRepliesViewModel(replies, cursor, refused));
    }
}
