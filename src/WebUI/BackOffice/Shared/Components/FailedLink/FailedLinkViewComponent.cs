using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The link from the inbox to the failed messages, with their number.</summary>
public sealed class FailedLinkViewComponent(IMediator mediator) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        View(await mediator.Send(new CountFailedMessages(), HttpContext.RequestAborted));
}
