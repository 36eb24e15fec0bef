using System.Net;
using System.Text.RegularExpressions;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed partial class StyleSheetTests(AppFixture fixture)
{
    [Theory]
    [InlineData("inbox", "/Inbox/thread.css")]
    [InlineData("contacts", "/Contacts/contacts.css")]
    [InlineData("dashboard", "/Dashboard/dashboard.css")]
    [InlineData("ops/webhooks", "/Webhooks/webhooks.css")]
    [InlineData("ops/sending", "/Sending/sending.css")]
    [InlineData("inbox/failed", "/FailedMessages/failed-messages.css")]
    [InlineData("settings/api-keys", "/ApiKeys/api-keys.css")]
    [InlineData("settings/canned-replies", "/CannedReplies/canned-replies.css")]
    [InlineData("settings/integrations", "/Integrations/integrations.css")]
    [InlineData("settings/retention", "/Retention/retention.css")]
    [InlineData("admin/compliance", "/Compliance/compliance.css")]
    [InlineData("admin/system-config", "/SystemConfig/system-config.css")]
    public async Task A_page_loads_the_style_sheets_of_its_folder(string path, string expected)
    {
        var page = await fixture.Admin.GetAsync(path);

        var sheets = StyleSheet().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains(sheets, sheet => sheet.StartsWith($"{expected}?v=", StringComparison.Ordinal));
        foreach (var sheet in sheets) Assert.Equal(200, (await fixture.Admin.GetAsync(sheet.TrimStart('/'))).Status);
    }

    [Theory]
    [InlineData("Inbox/Index.cshtml")]
    [InlineData("Inbox/InboxController.cs")]
    [InlineData("_ViewImports.cshtml")]
    public async Task Views_and_sources_beside_the_style_sheets_are_not_served(string path) =>
        Assert.Equal((int)HttpStatusCode.NotFound, (await fixture.Admin.GetAsync(path)).Status);

    [GeneratedRegex("""<link rel="stylesheet" href="([^"]+)""")]
    private static partial Regex StyleSheet();
}
