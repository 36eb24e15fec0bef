using MediatR;
using MetaMessaging.Application.Conversations;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The way from the inbox to what did not reach its customer, and how much that is.</summary>
public sealed class FailedLinkViewComponent(IMediator mediator) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() => View(await mediator.Send(new CountFailedMessages(), HttpContext.RequestAborted));
}
