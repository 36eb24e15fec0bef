using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Retried">How many were just queued again; null when nothing was asked.</param>
/// <param name="Left">How many the filter finds beyond those.</param>
public sealed record FailedMessagesViewModel(
    FailedFilterForm Filter, Page<FailedMessage> Messages, IReadOnlyList<ConnectionModel> Connections, bool IsFirstPage, int? Retried, int? Left);
