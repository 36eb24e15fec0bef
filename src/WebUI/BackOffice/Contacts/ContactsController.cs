using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Agent)]
public sealed class ContactsController(IMediator mediator) : BackOfficeController(mediator)
{
    private const int MaxMergeChoices = 10;

    [HttpGet("/contacts")]
    public async Task<IActionResult> Index(string? q, string? cursor, CancellationToken cancellationToken) =>
        View(new ContactsViewModel(q, await Mediator.Send(new ListContacts(q?.Trim(), Cursor: cursor), cancellationToken)));

    [HttpGet("/contacts/{id:long}")]
    public Task<IActionResult> Details(long id, string? other, CancellationToken cancellationToken) =>
        PageView(id, other, cancellationToken);

    [HttpPost("/contacts/{id:long}/name")]
    public async Task<IActionResult> Rename(RenameForm form, CancellationToken cancellationToken) =>
        await TrySendAsync(new RenameContact(form.Id, form.Name), cancellationToken)
            ? RedirectToAction(nameof(Details), new { form.Id })
            : await PageView(form.Id, null, cancellationToken);

    [HttpPost("/contacts/{id:long}/merge")]
    public async Task<IActionResult> Merge(long id, long otherContactId, CancellationToken cancellationToken) =>
        await TrySendAsync(new MergeContacts(id, otherContactId), cancellationToken)
            ? RedirectToAction(nameof(Details), new { id })
            : await PageView(id, null, cancellationToken);

    [HttpPost("/contacts/{id:long}/unmerge")]
    public async Task<IActionResult> Unmerge(long id, long identityId, CancellationToken cancellationToken) =>
        await TryAskAsync(new UnmergeContact(id, identityId), cancellationToken) is { } other
            ? RedirectToAction(nameof(Details), new { other.Id })
            : await PageView(id, null, cancellationToken);

    [HttpPost("/contacts/{id:long}/erase")]
    public async Task<IActionResult> Erase(long id, CancellationToken cancellationToken) =>
        await TrySendAsync(new EraseContact(id), cancellationToken)
            ? RedirectToAction(nameof(Index))
            : await PageView(id, null, cancellationToken);

    private async Task<IActionResult> PageView(long id, string? other, CancellationToken cancellationToken)
    {
        var contact = await Mediator.Send(new GetContact(id), cancellationToken);
        var matches = string.IsNullOrWhiteSpace(other) ? null
            : await Mediator.Send(new ListContacts(other.Trim(), Limit: MaxMergeChoices), cancellationToken);
        return View("Details", new ContactViewModel(contact, other, matches?.Items.Where(c => c.Id != id).ToList()));
    }
}

public sealed record ContactsViewModel(string? Q, Page<ContactModel> Contacts);

/// <param name="Other">Part of the name or username, or an id, of the contact to merge with.</param>
/// <param name="MergeChoices">The contacts that match it; null when nothing was searched for.</param>
public sealed record ContactViewModel(ContactModel Contact, string? Other, IReadOnlyList<ContactModel>? MergeChoices)
{
    public RenameForm Rename => new() { Id = Contact.Id, Name = Contact.Name };
}
