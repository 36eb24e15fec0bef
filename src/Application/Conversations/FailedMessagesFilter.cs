namespace MetaMessaging.Application.Conversations;

/// <summary>Restricts failed messages. A null member does not restrict.</summary>
public interface IFailedMessagesFilter : IPeriod
{
    Channel? Channel { get; }

    long? ConnectionId { get; }

    RefusalClass? Class { get; }
}

internal sealed class FailedMessagesFilterValidator : AbstractValidator<IFailedMessagesFilter>
{
    public FailedMessagesFilterValidator()
    {
        Include(new PeriodValidator());
        RuleFor(f => f.Channel).IsInEnum();
        RuleFor(f => f.Class).IsInEnum();
        RuleFor(f => f.ConnectionId).GreaterThan(0);
    }
}

internal static class FailedMessages
{
    public static IQueryable<Message> FailedMatching(this IQueryable<Message> messages, IFailedMessagesFilter filter)
    {
        messages = messages.Where(m => m.Status == MessageStatus.Failed);
        if (filter.Channel is { } channel) messages = messages.Where(m => m.Channel == channel);
        if (filter.ConnectionId is { } connectionId) messages = messages.Where(m => m.ConnectionId == connectionId);
        if (filter.Class is { } refusal) messages = messages.Where(m => m.Error!.Class == refusal);
        if (filter.From is { } from) messages = messages.Where(m => m.OccurredAt >= from);
        if (filter.To is { } to) messages = messages.Where(m => m.OccurredAt < to);
        return messages;
    }
}
