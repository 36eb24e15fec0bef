using MediatR;
using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class CannedRepliesController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/settings/canned-replies")]
    public Task<IActionResult> Index(string? cursor, CancellationToken cancellationToken) => PageView(null, null, cursor, cancellationToken);

    [HttpPost("/settings/canned-replies")]
    public async Task<IActionResult> Create(CannedReplyForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(new CreateCannedReply(form.Name, form.Shortcut, form.Text), cancellationToken)
            ? Redirect("/settings/canned-replies")
            : await PageView(form, null, null, cancellationToken);

    [HttpPost("/settings/canned-replies/{id:long}")]
    public async Task<IActionResult> Update(long id, CannedReplyForm form, string? cursor, CancellationToken cancellationToken) =>
        await TrySendAsync(new UpdateCannedReply(id, form.Name, form.Shortcut, form.Text), cancellationToken)
            ? RedirectToAction(nameof(Index), new { cursor })
            : await PageView(form, id, cursor, cancellationToken);

    [HttpPost("/settings/canned-replies/{id:long}/delete")]
    public async Task<IActionResult> Delete(long id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new DeleteCannedReply(id), cancellationToken);
        return Redirect("/settings/canned-replies");
    }

    private async Task<IActionResult> PageView(CannedReplyForm? refused, long? id, string? cursor, CancellationToken cancellationToken) =>
        View("Index", new CannedRepliesViewModel(await Mediator.Send(new ListCannedReplies(Cursor: cursor), cancellationToken), cursor, refused, id));
}

public sealed class CannedReplyForm
{
    public string? Name { get; set; }

    public string? Shortcut { get; set; }

    public string? Text { get; set; }
}

/// <param name="Refused">What was not accepted, to be put right.</param>
/// <param name="RefusedId">Whose it is; null for a new one.</param>
public sealed record CannedRepliesViewModel(Page<CannedReplyModel> Replies, string? Cursor, CannedReplyForm? Refused, long? RefusedId)
{
    public CannedReplyFields New => new(null, Refused is not null && RefusedId is null ? Refused : new CannedReplyForm(), Refused is not null && RefusedId is null);

    public CannedReplyFields Of(CannedReplyModel reply) => Refused is not null && RefusedId == reply.Id
        ? new CannedReplyFields(reply.Id, Refused, true)
        : new CannedReplyFields(reply.Id, new CannedReplyForm { Name = reply.Name, Shortcut = reply.Shortcut, Text = reply.Text }, false);
}

/// <param name="WasRefused">The problems on the page are this form's.</param>
public sealed record CannedReplyFields(long? Id, CannedReplyForm Form, bool WasRefused);
