using MetaMessaging.Domain.Conversations;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>What SQL Server is told about text. No server is needed: the tests read the model and the generated SQL.</summary>
public sealed class TextColumnTests
{
    private static readonly string[] Text =
    [
        "AppUser.Email", "AppUser.Name", "AppUser.UserName", "ApiKey.Name", "AuditEntry.ActorName", "AuditEntry.TargetName",
        "CannedReply.Name", "CannedReply.Text", "Contact.Name", "Conversation.AssigneeName", "Conversation.LastMessagePreview",
        "DeliveryReplay.RequestedBy", "IdentityUserLogin.ProviderDisplayName", "InstagramIdentity.Username", "Invitation.Email",
        "Message.PostbackTitle", "Message.SenderName", "Message.Text", "MessageAttachment.FileName", "MessageAttachment.Problem",
        "MessageAttachment.Title", "MessageError.Detail", "MessageError.Title", "Note.Text", "Organization.Name",
        "PageConnection.IgUsername", "PageConnection.PageName", "PageConnection.PolicyReason", "SystemConfig.OpenIdName",
        "TimelineEntry.Text", "UserSession.Device", "WebhookDelivery.Error",
    ];

    [Fact]
    public void On_SQL_Server_all_columns_but_those_that_people_read_are_compared_byte_for_byte()
    {
        using var db = DesignTimeContexts.SqlServer();
        var columns = Columns(db).ToLookup(c => c.GetCollation(), c => $"{c.DeclaringType.ShortName()}.{c.Name}");

        Assert.Equal(Text.Order(), columns["Latin1_General_100_CI_AS_SC"].Order());
        Assert.Equal(["Latin1_General_100_BIN2", "Latin1_General_100_CI_AS_SC"], columns.Select(c => c.Key).Order());
    }

    [Fact]
    public void On_SQLite_all_columns_are_compared_byte_for_byte()
    {
        using var db = DesignTimeContexts.Sqlite();

        Assert.All(Columns(db), column => Assert.Null(column.GetCollation()));
    }

    [Fact]
    public void A_list_of_texts_is_one_parameter_and_compared_byte_for_byte()
    {
        using var db = DesignTimeContexts.SqlServer();
        var mids = Enumerable.Range(0, 3000).Select(i => $"m_{i}").ToList();
        var states = new List<MessageStatus> { MessageStatus.Sent, MessageStatus.Read };

        var sql = db.Messages.IgnoreQueryFilters()
            .Where(m => mids.Contains(m.ExternalId!) && states.Contains(m.Status)).Select(m => m.Id).ToQueryString();

        Assert.Contains("SELECT [m0].[value] COLLATE Latin1_General_100_BIN2", sql, StringComparison.Ordinal);
        Assert.Contains("SELECT [s].[value] COLLATE Latin1_General_100_BIN2", sql, StringComparison.Ordinal);
        Assert.Contains("OPENJSON(@mids)", sql, StringComparison.Ordinal);
        SqlServerSyntax.Parse(sql);
    }

    [Fact]
    public void A_list_of_numbers_has_no_collation()
    {
        using var db = DesignTimeContexts.SqlServer();
        var ids = new List<long> { 1, 2 };

        var sql = db.Messages.IgnoreQueryFilters().Where(m => ids.Contains(m.Id)).Select(m => m.Id).ToQueryString();

        Assert.Contains("OPENJSON(@ids)", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("COLLATE", sql, StringComparison.Ordinal);
    }

    private static IEnumerable<IReadOnlyProperty> Columns(AppDbContext db) =>
        db.GetService<IDesignTimeModel>().Model.GetEntityTypes().Where(e => !e.IsMappedToJson()).SelectMany(e => e.GetProperties())
            .Where(p => p.GetElementType() is null && (p.FindTypeMapping()!.Converter?.ProviderClrType ?? p.ClrType) == typeof(string));
}
