using MetaMessaging.Application.Tests.Audit;
using MetaMessaging.Application.Tests.CannedReplies;
using MetaMessaging.Application.Tests.Compliance;
using MetaMessaging.Application.Tests.Connections;
using MetaMessaging.Application.Tests.Contacts;
using MetaMessaging.Application.Tests.Conversations;
using MetaMessaging.Application.Tests.Dashboard;
using MetaMessaging.Application.Tests.Inbound;
using MetaMessaging.Application.Tests.Maintenance;
using MetaMessaging.Application.Tests.Operations;
using MetaMessaging.Application.Tests.Organizations;
using MetaMessaging.Application.Tests.Outbound;
using MetaMessaging.Application.Tests.UserAccounts;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests;

/// <summary>Runs the same tests on SQL Server, one line a class. They are skipped when no server is configured.</summary>
public sealed class OnSqlServer
{
    [Fact]
    public void Every_slice_test_runs_on_both_databases()
    {
        var all = typeof(OnSqlServer).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(SliceTest)) && !t.IsAbstract).ToList();

        all.RemoveAll(type => type == typeof(RetentionPlanTests) || type == typeof(RecoveryPlanTests));   // the plans are SQLite's
        Assert.Empty(all.Where(t => t.BaseType == typeof(SliceTest) && !all.Exists(twin => twin.BaseType == t)).Select(t => t.Name));
    }
}

public sealed class AuditLogOnSqlServer(SqlServerSliceFixture app) : AuditLogTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ListAuditEntriesOnSqlServer(SqlServerSliceFixture app)
    : ListAuditEntriesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class DeleteOldAuditEntriesOnSqlServer(SqlServerSliceFixture app)
    : DeleteOldAuditEntriesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class OrganizationOnSqlServer(SqlServerSliceFixture app) : OrganizationTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RemoveMemberOnSqlServer(SqlServerSliceFixture app) : RemoveMemberTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class NoteOnSqlServer(SqlServerSliceFixture app) : NoteTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class NoticeOnSqlServer(SqlServerSliceFixture app) : NoticeTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RecordMessageOnSqlServer(SqlServerSliceFixture app) : RecordMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class MetaUserDataOnSqlServer(SqlServerSliceFixture app) : MetaUserDataTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class MessageJsonOnSqlServer(SqlServerSliceFixture app) : MessageJsonTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EarlyEventsOnSqlServer(SqlServerSliceFixture app) : EarlyEventsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RecordEchoOnSqlServer(SqlServerSliceFixture app) : RecordEchoTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ApplyWatermarkOnSqlServer(SqlServerSliceFixture app) : ApplyWatermarkTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class MessageChangesOnSqlServer(SqlServerSliceFixture app) : MessageChangesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class OtherEventsOnSqlServer(SqlServerSliceFixture app) : OtherEventsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class AnyOrderOnSqlServer(SqlServerSliceFixture app) : AnyOrderTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ChangesOnSqlServer(SqlServerSliceFixture app) : ChangesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class DoubtfulEchoOnSqlServer(SqlServerSliceFixture app) : DoubtfulEchoTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class MessageDetailsOnSqlServer(SqlServerSliceFixture app) : MessageDetailsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class OneTapOnSqlServer(SqlServerSliceFixture app) : OneTapTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EverySampleOnSqlServer(SqlServerSliceFixture app) : EverySampleTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EnrichContactOnSqlServer(SqlServerSliceFixture app) : EnrichContactTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class DownloadAttachmentOnSqlServer(
    SqlServerSliceFixture app) : DownloadAttachmentTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RetryDownloadOnSqlServer(SqlServerSliceFixture app) : RetryDownloadTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class SendMessageOnSqlServer(SqlServerSliceFixture app) : SendMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ReactToMessageOnSqlServer(SqlServerSliceFixture app) : ReactToMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RetryMessageOnSqlServer(SqlServerSliceFixture app) : RetryMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class DeliverMessagesOnSqlServer(SqlServerSliceFixture app) : DeliverMessagesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class PageLimitsOnSqlServer(SqlServerSliceFixture app) : PageLimitsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class SendPartsOnSqlServer(SqlServerSliceFixture app) : SendPartsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ReconcileFilesOnSqlServer(SqlServerSliceFixture app) : ReconcileFilesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class SendFilesOnSqlServer(SqlServerSliceFixture app) : SendFilesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ReconcileSendOnSqlServer(SqlServerSliceFixture app) : ReconcileSendTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class OAuthOnSqlServer(SqlServerSliceFixture app) : OAuthTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ConnectPageOnSqlServer(SqlServerSliceFixture app) : ConnectPageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class CheckConnectionOnSqlServer(SqlServerSliceFixture app) : CheckConnectionTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RecoverOverdueWorkOnSqlServer(
    SqlServerSliceFixture app) : RecoverOverdueWorkTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RetentionOnSqlServer(SqlServerSliceFixture app) : RetentionTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class FiguresOnSqlServer(SqlServerSliceFixture app) : FiguresTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class GetDashboardOnSqlServer(SqlServerSliceFixture app) : GetDashboardTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RenameContactOnSqlServer(SqlServerSliceFixture app) : RenameContactTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class MergeContactsOnSqlServer(SqlServerSliceFixture app) : MergeContactsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class UnmergeContactOnSqlServer(SqlServerSliceFixture app) : UnmergeContactTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EraseContactOnSqlServer(SqlServerSliceFixture app) : EraseContactTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class GetTimelinePartOnSqlServer(SqlServerSliceFixture app) : GetTimelinePartTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ListConversationsOnSqlServer(
    SqlServerSliceFixture app) : ListConversationsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ListTimelineOnSqlServer(SqlServerSliceFixture app) : ListTimelineTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ListMessagesOnSqlServer(SqlServerSliceFixture app) : ListMessagesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ListContactsOnSqlServer(SqlServerSliceFixture app) : ListContactsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EndSnoozesOnSqlServer(
    SqlServerSliceFixture app) : EndSnoozesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class UpdateConversationOnSqlServer(
    SqlServerSliceFixture app) : UpdateConversationTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class UserAccountOnSqlServer(SqlServerSliceFixture app) : UserAccountTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class WebhookDeliveryOnSqlServer(SqlServerSliceFixture app) : WebhookDeliveryTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ReplayWebhookDeliveriesOnSqlServer(
    SqlServerSliceFixture app) : ReplayWebhookDeliveriesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class GetWebhookSummaryOnSqlServer(
    SqlServerSliceFixture app) : GetWebhookSummaryTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class TraceMessageOnSqlServer(SqlServerSliceFixture app) : TraceMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class PurgeDeliveriesOnSqlServer(SqlServerSliceFixture app) : PurgeDeliveriesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class RefreshProfilesOnSqlServer(SqlServerSliceFixture app) : RefreshProfilesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class EraseUnsentContentOnSqlServer(
    SqlServerSliceFixture app) : EraseUnsentContentTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class FetchMissingMessageOnSqlServer(
    SqlServerSliceFixture app) : FetchMissingMessageTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class DeleteExpiredOAuthAttemptsOnSqlServer(SqlServerSliceFixture app)
    : DeleteExpiredOAuthAttemptsTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class ChunkedDeletionOnSqlServer(
    SqlServerSliceFixture app) : ChunkedDeletionTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class SweepMediaOnSqlServer(SqlServerSliceFixture app) : SweepMediaTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class CannedReplyOnSqlServer(SqlServerSliceFixture app) : CannedReplyTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class FailedMessagesOnSqlServer(SqlServerSliceFixture app) : FailedMessagesTests(app), IClassFixture<SqlServerSliceFixture>;

public sealed class GetSendingOnSqlServer(SqlServerSliceFixture app) : GetSendingTests(app), IClassFixture<SqlServerSliceFixture>;
