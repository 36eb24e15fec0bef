using Deque.AxeCore.Playwright;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>An admin answers a customer's questions about their data, and Meta's.</summary>
[Requires(Requirement.Chromium)]
public sealed class ComplianceTests
{
    [Fact]
    public async Task An_admin_splits_a_contact_hands_out_its_data_and_sees_what_retention_deletes_before_saving()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        foreach (var name in new[] { "Peter Chang", "Maria Lind" })
        {
            var customer = await meta.Control.CreateCustomerAsync(new { pageId = Some.PageId, channel = "messenger", name });
            await meta.Control.WriteAsync(customer, $"Hello from {name}");
        }

        var contacts = await Until.Found(
            async () => (await app.GetAsync("api/contacts"))["items"]!.AsArray(),
            items => items.Count == 2 && items.All(c => (string)c!["profileState"]! == "complete"), "both contacts are known");
        var peter = (long)contacts.Single(c => (string)c!["name"]! == "Peter Chang")!["id"]!;
        var admin = await chromium.OpenAsync();
        await Chromium.SignInAsync(admin, app);

        await admin.GotoAsync(new Uri(app.BaseAddress, $"contacts/{peter}?other=Maria").ToString());
        await admin.Locator("[data-merge-choice] [data-dialog-open]").ClickAsync();
        await admin.Locator("[data-merge]").ClickAsync();
        await Expect(admin.Locator("[data-identity]")).ToHaveCountAsync(2);
        await AssertAccessibleAsync(admin);
        await Chromium.SaveScreenshotAsync(admin, "contact-merged");
        var download = await admin.RunAndWaitForDownloadAsync(() => admin.Locator("[data-export]").ClickAsync());
        Assert.Equal($"contact-{peter}.zip", download.SuggestedFilename);
        Assert.NotEqual(0, new FileInfo(await download.PathAsync()).Length);
        await admin.Locator("[data-identity] [data-dialog-open]").Last.ClickAsync();
        await admin.Locator("dialog[open] [data-unmerge]").ClickAsync();
        await admin.WaitForURLAsync(url => !url.Contains($"/contacts/{peter}", StringComparison.Ordinal));
        await Expect(admin.Locator("[data-identity]")).ToHaveCountAsync(0);
        Assert.Equal(2, (await app.GetAsync("api/contacts"))["items"]!.AsArray().Count);

        await admin.GotoAsync(new Uri(app.BaseAddress, "settings/retention").ToString());
        await AssertAccessibleAsync(admin);
        await admin.GetByLabel("Messages").FillAsync("90");
        await admin.Locator("[data-preview-retention]").ClickAsync();
        await Expect(admin.Locator("[data-preview]")).ToContainTextAsync("Nothing");
        await AssertAccessibleAsync(admin);
        await admin.Locator("[data-save]").ClickAsync();
        await Expect(admin.Locator("[data-saved]")).ToBeVisibleAsync();
        await Expect(admin.GetByLabel("Messages")).ToHaveValueAsync("90");

        await admin.GotoAsync(new Uri(app.BaseAddress, "admin/compliance").ToString());
        await AssertAccessibleAsync(admin);
        await Chromium.SaveScreenshotAsync(admin, "compliance");
        await admin.SetViewportSizeAsync(390, 844);
        Assert.True(await admin.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.Equal("", string.Join('\n', result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }
}
