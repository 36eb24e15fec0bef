namespace MetaMessaging.Application.Conversations;

/// <summary>One message with its current state.</summary>
public sealed record GetMessage(long Id) : IRequest<MessageModel>;

internal sealed class GetMessageHandler(IAppDbContext db) : IRequestHandler<GetMessage, MessageModel>
{
    public async Task<MessageModel> Handle(GetMessage request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking()
            .Include(m => m.Attachments)
            .Include(m => m.Reactions)
            .SingleOrDefaultAsync(m => m.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("message_not_found");
        return (await db.WithQuotesAsync([message.Adapt<MessageModel>()], cancellationToken))[0];
    }
}
