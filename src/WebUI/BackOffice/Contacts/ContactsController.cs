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
    [HttpGet("/contacts")]
    public async Task<IActionResult> Index(string? q, string? cursor, CancellationToken cancellationToken) =>
        View(new ContactsViewModel(q, await Mediator.Send(new ListContacts(q?.Trim(), Cursor: cursor), cancellationToken)));

    [HttpGet("/contacts/{id:long}")]
    public async Task<IActionResult> Details(long id, CancellationToken cancellationToken) =>
        View(await Mediator.Send(new GetContact(id), cancellationToken));
}

public sealed record ContactsViewModel(string? Q, Page<ContactModel> Contacts);
