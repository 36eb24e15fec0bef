using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Retried">How many messages the last request queued again; null when there was none.</param>
/// <param name="Left">How many more messages the filter matches.</param>
public sealed record FailedMessagesViewModel(
    FailedFilterForm Filter, Page<FailedMessage> Messages, bool IsFirstPage, int? Retried, int? Left);
