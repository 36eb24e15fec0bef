using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Operations;
using MetaMessaging.WebUI.BackOffice;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Benchmarks.Reading;

/// <summary>Every GET of the OpenAPI document and every page, with ids of the seeded rows.</summary>
/// <param name="Name">Without ids, so that it is the same for every size.</param>
internal sealed record ReadRequest(string Name, string Address);

internal static partial class ReadRequests
{
    /// <summary>Filters and places that are worth a line of their own.</summary>
    private static readonly string[] Variants =
    [
        "/api/conversations?status=open", "/api/conversations?status=snoozed", "/api/conversations?status=closed",
        "/api/conversations?assignee=me", "/api/conversations?assignee=none", "/api/conversations?assignee=3",
        "/api/conversations?unread=true", "/api/conversations?unread=false", "/api/conversations?channel=instagramDm",
        "/api/conversations?channel=instagramDm&status=closed&assignee=3", "/api/conversations?connectionId=3",
        "/api/conversations?connectionId=3&unread=true", "/api/conversations?q=Berg", "/api/conversations?q=zzzzqqq",
        "/api/conversations?cursor={deepConversations}", "/api/conversations/1", "/api/conversations/1/messages",
        "/api/conversations/1/messages?cursor={deepMessages}", "/api/conversations/1/timeline",
        "/api/conversations/1/timeline?cursor={deepTimeline}", "/api/contacts?q=Berg", "/api/contacts?q=zzzzqqq",
        "/api/contacts?cursor={deepContacts}", "/api/dashboard?timeZone=Europe/Berlin&from={7daysAgo}",
        "/api/dashboard?timeZone=Europe/Berlin&from={90daysAgo}", "/api/dashboard?timeZone=Europe/Berlin&from={365daysAgo}",
        "/api/messages?status=failed&cursor={deepFailed}", "/api/messages?status=failed&class=window",
        "/api/messages?status=failed&connectionId=3&channel=instagramDm", "/api/ops/webhook-deliveries?state=failed",
        "/api/ops/webhook-deliveries?state=pending", "/api/ops/webhook-deliveries?cursor={deepDeliveries}",
        "/api/audit?action=member.changed", "/api/audit?actor=3", "/inbox?status=closed", "/inbox?assignee=me",
        "/inbox?unread=true", "/inbox?q=Berg", "/inbox?q=zzzzqqq", "/inbox/1", "/inbox/1/messages", "/contacts?q=Berg",
        "/api/search?q=Berg", "/api/search?q=coffee", "/api/search?q=coffee%20delivery", "/api/search?q=offe", "/api/search?q=zzzzqqq",
        "/api/search?q=%23{rareNumber}", "/api/search?q=coffee&in=messages&from={365daysAgo}&to={7daysAgo}", "/inbox/hits?q=coffee",
        "/api/ops/webhook-deliveries?q={rareMid}", "/api/ops/webhook-deliveries?object=instagram",
        "/api/ops/webhook-deliveries?state=failed&object=instagram",
        "/dashboard?days=90", "/dashboard?days=365", "/ops/webhooks?state=failed",
    ];

    private const string Delivery =
        "SELECT max(id) FROM webhook_deliveries WHERE organization_id = 1 AND id < (SELECT max(id) / 2 FROM webhook_deliveries)";

    /// <summary>The row that {id} stands for behind this part of the path: one in the middle.</summary>
    private static readonly Dictionary<string, string> Ids = new()
    {
        ["attachments"] = "SELECT min(id) FROM message_attachments WHERE organization_id = 1",
        ["contacts"] = "SELECT max(id) FROM contacts WHERE organization_id = 1 AND avatar_key IS NOT NULL AND id < " + Half("contacts"),
        ["conversations"] = "SELECT max(id) FROM conversations WHERE organization_id = 1 AND id < " + Half("conversations"),
        ["inbox"] = "SELECT max(id) FROM conversations WHERE organization_id = 1 AND id < " + Half("conversations"),
        ["messages"] = "SELECT max(id) FROM messages WHERE direction = 'Inbound' AND organization_id = 1 AND id < " + Half("messages"),
        ["webhooks"] = Delivery,
        ["webhook-deliveries"] = Delivery,
        ["connections"] = "SELECT 1",
        ["replays"] = "SELECT 1",
        ["data-deletion"] = "SELECT 'code'",
    };

    /// <summary>Texts that a message in the middle of the history has alone.</summary>
    private static readonly Dictionary<string, string> Rare = new()
    {
        ["{rareNumber}"] = "SELECT 100000 + id FROM messages WHERE text LIKE '%#%' AND organization_id = 1 AND id < " + Half("messages")
            + " ORDER BY id DESC LIMIT 1",
        ["{rareMid}"] = "SELECT external_id FROM messages WHERE direction = 'Inbound' AND organization_id = 1 AND external_id IS NOT NULL "
            + "AND id < " + Half("messages") + " ORDER BY id DESC LIMIT 1",
    };

    /// <summary>Questions that the route refuses without a parameter.</summary>
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["/api/messages"] = "?status=failed",
        ["/api/search"] = "?q=Berg",
        ["/integrations/meta-messaging/webhook"] = "?hub.mode=subscribe&hub.verify_token=token&hub.challenge=1",
    };

    /// <summary>Routes that answer only to a secret of one use, a provider of OpenID, or nobody who is signed in.</summary>
    private static readonly HashSet<string> NotMeasured =
    [
        "/account/denied", "/account/openid", "/account/reset/{token}", "/api/integrations/meta/pending/{pendingId}",
        "/integrations/meta-messaging/oauth/callback", "/invitations/{token}",
    ];

    /// <summary>Cursors to the middle of long lists, by the placeholders of <see cref="Variants"/>.</summary>
    private static readonly Dictionary<string, (string List, string Table)> Cursors = new()
    {
        ["{deepConversations}"] = (nameof(ListConversations), "conversations"),
        ["{deepMessages}"] = ($"{nameof(ListMessages)}1", "messages"),
        ["{deepTimeline}"] = ($"{nameof(ListTimeline)}1", "messages"),
        ["{deepContacts}"] = (nameof(ListContacts), "contacts"),
        ["{deepFailed}"] = (nameof(ListFailedMessages), "messages"),
        ["{deepDeliveries}"] = (nameof(ListWebhookDeliveries), "webhook_deliveries"),
    };

    public static async Task<IReadOnlyList<ReadRequest>> ReadAsync(HttpClient http, SqliteConnection database)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync("openapi/v1.json"));
        var routes = document.RootElement.GetProperty("paths").EnumerateObject()
            .Where(p => p.Value.TryGetProperty("get", out _)).Select(p => p.Name);
        var pages = typeof(BackOfficeController).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(m => m.GetCustomAttributes<HttpGetAttribute>()).Select(a => a.Template!);
        var ids = Ids.ToDictionary(i => i.Key, i => Scalar(database, i.Value));
        var middle = DateTimeOffset.UtcNow.AddDays(-200);
        var cursors = Cursors.ToDictionary(c => c.Key, c => new Cursor(
            middle, (long)Scalar(database, $"SELECT max(id) / 2 FROM {c.Value.Table}"), c.Value.List).ToString());
        var rare = Rare.ToDictionary(r => r.Key, r => Convert.ToString(Scalar(database, r.Value), CultureInfo.InvariantCulture)!);
        return
        [
            .. routes.Concat(pages).Distinct().Except(NotMeasured).Order(StringComparer.Ordinal)
                .Select(route => new ReadRequest(route, AddressOf(route + Needed.GetValueOrDefault(route))))
                .Concat(Variants.Select(variant => new ReadRequest(variant, AddressOf(variant)))),
        ];

        string AddressOf(string route) => Placeholder().Replace(route, place => ValueOf(place.Value, route[..place.Index]));

        string ValueOf(string place, string before)
        {
            if (cursors.TryGetValue(place, out var cursor)) return cursor;
            if (rare.TryGetValue(place, out var text)) return text;
            if (DaysAgo().Match(place) is { Success: true } days)
                return $"{DateTime.UtcNow.AddDays(-int.Parse(days.Groups[1].Value, CultureInfo.InvariantCulture)):yyyy-MM-dd}";
            return ids.TryGetValue(before.TrimEnd('/').Split('/')[^1], out var id)
                ? Convert.ToString(id, CultureInfo.InvariantCulture)!
                : throw new InvalidOperationException($"There is no value for {place} behind {before}.");
        }
    }

    private static string Half(string table) => $"(SELECT max(id) / 2 FROM {table})";

    private static object Scalar(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()!;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\{(\d+)daysAgo\}$")]
    private static partial Regex DaysAgo();
}
