using System.Diagnostics;
using Deque.AxeCore.Playwright;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

[Requires(Requirement.Chromium)]
public sealed class MembershipTests
{
    [Fact]
    public async Task An_invited_person_joins_is_assigned_a_conversation_answers_and_is_signed_out_when_removed()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var (admin, sam, phone) = (await chromium.OpenAsync(), await chromium.OpenAsync(), await chromium.OpenAsync());
        await phone.GotoAsync(new Uri(meta.BaseAddress, "phone").ToString());
        var device = phone.Locator("[data-phone=messenger]");
        await device.Locator("[data-compose]").FillAsync("Do you have the blue cup?");
        await device.Locator("[data-send]").ClickAsync();
        var conversation = new Uri(app.BaseAddress, $"inbox/{await app.ConversationOfAsync("facebookMessenger")}").ToString();

        await Chromium.SignInAsync(admin, app);
        await admin.GotoAsync(new Uri(app.BaseAddress, "settings/members").ToString());
        await admin.GetByLabel("E-mail address").FillAsync("sam@example.com");
        await admin.Locator("[data-invite]").ClickAsync();
        await Expect(admin.Locator("[data-invited]")).ToBeVisibleAsync();
        await AssertAccessibleAsync(admin);
        var link = await admin.GetByLabel("Invitation link", new() { Exact = true }).InputValueAsync();
        await sam.GotoAsync(link);
        await AssertAccessibleAsync(sam);
        await sam.GetByLabel("Your name").FillAsync("Sam Okafor");
        await sam.GetByLabel("Password", new() { Exact = true }).FillAsync("a cup of blue coffee");
        await sam.Locator("[data-accept]").ClickAsync();
        await Expect(sam).ToHaveURLAsync(new Uri(app.BaseAddress, "inbox").ToString());

        await admin.GotoAsync(conversation);
        await admin.Locator("[data-assignee]").ClickAsync();
        await admin.Locator("[data-action=assign]", new() { HasText = "Sam Okafor" }).ClickAsync();
        await Expect(admin.Locator("[data-assignee='Sam Okafor']")).ToHaveCountAsync(1);
        await sam.GotoAsync(conversation);
        await Expect(sam.Locator("[data-header]")).ToContainTextAsync("Assigned to you");
        await sam.Locator("[data-reply-text]").FillAsync("Yes, three of them.");
        await sam.Locator("[data-send]").ClickAsync();
        await Expect(device.Locator("[data-bubble]").Last).ToContainTextAsync("Yes, three of them.");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));

        await admin.GotoAsync(new Uri(app.BaseAddress, "settings/members").ToString());
        var member = admin.Locator("[data-member]", new() { HasText = "Sam Okafor" });
        await member.Locator("summary").ClickAsync();
        await AssertAccessibleAsync(admin);
        await Chromium.SaveScreenshotAsync(admin, "members");
        await member.Locator("[data-dialog-open^=remove]").ClickAsync();
        await member.Locator("[data-remove]").ClickAsync();
        await Expect(member).ToHaveCountAsync(0);
        var removedAt = Stopwatch.GetTimestamp();
        await sam.WaitForURLAsync("**/account/login**");
        Assert.InRange(Stopwatch.GetElapsedTime(removedAt), TimeSpan.Zero, TimeSpan.FromSeconds(5) * Deadline.Slowdown);
        await admin.GotoAsync(conversation);
        await Expect(admin.Locator("[data-header]")).ToContainTextAsync("Unassigned");

        await admin.GotoAsync(new Uri(app.BaseAddress, "admin/organizations").ToString());
        await admin.GetByLabel("Name", new() { Exact = true }).First.FillAsync("Green Bowl");
        await admin.Locator("[data-create-organization]").ClickAsync();
        var created = admin.Locator("[data-organization]", new() { HasText = "Green Bowl" });
        await Expect(admin.Locator("[data-created-organization]")).ToBeVisibleAsync();
        await created.Locator("summary").ClickAsync();
        await AssertAccessibleAsync(admin);
        await created.Locator("[data-enter]").ClickAsync();
        await Expect(admin.Locator("[data-visit]")).ToContainTextAsync("You are in Green Bowl as system administrator.");
        await AssertAccessibleAsync(admin);
        await admin.Locator("[data-leave]").ClickAsync();
        await Expect(admin.Locator("[data-visit]")).ToHaveCountAsync(0);
        await admin.GotoAsync(new Uri(app.BaseAddress, "admin/connections").ToString());
        await AssertAccessibleAsync(admin);
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.Equal("", string.Join('\n', result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }
}
