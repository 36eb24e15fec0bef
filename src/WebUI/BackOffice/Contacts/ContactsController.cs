using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Agent)]
public sealed class ContactsController(IMediator mediator) : BackOfficeController(mediator)
{
    private const int MostFound = 10;

    [HttpGet("/contacts")]
    public async Task<IActionResult> Index(string? q, string? cursor, CancellationToken cancellationToken) =>
        View(new ContactsViewModel(q, await Mediator.Send(new ListContacts(q?.Trim(), Cursor: cursor), cancellationToken)));

    /// <param name="other">Part of the name, or an id, of the contact to merge with.</param>
    [HttpGet("/contacts/{id:long}")]
    public Task<IActionResult> Details(long id, string? other, CancellationToken cancellationToken) => PageView(id, null, other, cancellationToken);

    [HttpPost("/contacts/{id:long}/name")]
    public async Task<IActionResult> Rename(long id, string? name, CancellationToken cancellationToken) =>
        await TrySendAsync(new RenameContact(id, name), cancellationToken)
            ? RedirectToAction(nameof(Details), new { id })
            : await PageView(id, name, null, cancellationToken);

    [HttpPost("/contacts/{id:long}/merge")]
    public async Task<IActionResult> Merge(long id, long otherContactId, CancellationToken cancellationToken) =>
        await TrySendAsync(new MergeContacts(id, otherContactId), cancellationToken)
            ? RedirectToAction(nameof(Details), new { id })
            : await PageView(id, null, null, cancellationToken);

    [HttpPost("/contacts/{id:long}/erase")]
    public async Task<IActionResult> Erase(long id, CancellationToken cancellationToken) =>
        await TrySendAsync(new EraseContact(id), cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(id, null, null, cancellationToken);

    private async Task<IActionResult> PageView(long id, string? name, string? other, CancellationToken cancellationToken)
    {
        var contact = await Mediator.Send(new GetContact(id), cancellationToken);
        var found = string.IsNullOrWhiteSpace(other) ? null : await Mediator.Send(new ListContacts(other.Trim(), Limit: MostFound), cancellationToken);
        return View("Details", new ContactViewModel(contact, name ?? contact.Name, other, found?.Items.Where(c => c.Id != id).ToList()));
    }
}

public sealed record ContactsViewModel(string? Q, Page<ContactModel> Contacts);

/// <param name="Other">What was looked for to merge with.</param>
/// <param name="Found">Null while nothing was looked for.</param>
public sealed record ContactViewModel(ContactModel Contact, string Name, string? Other, IReadOnlyList<ContactModel>? Found);
