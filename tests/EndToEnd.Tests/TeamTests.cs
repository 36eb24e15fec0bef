using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

[Requires(Requirement.Chromium)]
public sealed class TeamTests
{
    private const string Anna = "Anna Berg";

    /// <summary>Notifications as the page makes them; headless Chromium shows none. The page counts as not looked at.</summary>
    private const string RecordNotices = """
        window.notices = [];
        window.Notification = class extends EventTarget {
          static permission = 'default';
          static requestPermission = async () => Notification.permission = 'granted';
          constructor(title, { body }) { super(); window.notices.push(`${title}: ${body}`); }
        };
        document.hasFocus = () => !window.isAway;
        """;

    [Fact]
    public async Task Two_agents_see_each_other_write_notes_mention_and_assign()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var conversation = new Uri(app.BaseAddress, $"inbox/{await app.ConversationOfAsync("facebookMessenger")}").ToString();
        var (maria, anna) = (await chromium.OpenAsync(), await chromium.OpenAsync());
        await anna.AddInitScriptAsync(RecordNotices);
        await Chromium.SignInAsync(maria, app);
        await InviteAnnaAsync(app);
        await SignInAsync(anna, app);
        await anna.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await anna.Locator("[data-notices] > summary").ClickAsync();
        await anna.Locator("[data-notice-choice=popups]").CheckAsync();
        await anna.Keyboard.PressAsync("Escape");
        await anna.EvaluateAsync("isAway = true");
        await meta.Control.WriteAsync(customer, "In blue?");
        await NoticeAsync(anna, "Amara Okafor: In blue?");
        await maria.GotoAsync(conversation);
        await maria.Locator("[data-mode=note]").CheckAsync();
        await maria.Locator("[data-note-text]").PressSequentiallyAsync("@ann");
        await maria.Keyboard.PressAsync("Enter");
        await maria.Keyboard.TypeAsync("do we have it?");
        await Chromium.SaveScreenshotAsync(maria, "note-writing");
        await maria.Keyboard.PressAsync("Enter");
        await Expect(maria.Locator("[data-note] .mention")).ToHaveTextAsync($"@{Anna}");
        await Expect(maria.Locator("[data-note-text]")).ToHaveValueAsync("");
        await NoticeAsync(anna, $"mentioned you: @{Anna} do we have it?");

        await Expect(anna.Locator("[data-mention-count]")).ToHaveTextAsync("1");
        await anna.Locator("[data-filter=mentions]").ClickAsync();
        await anna.Locator("[data-row]").ClickAsync();
        await Expect(anna.Locator("[data-note][data-mentions-viewer=true]")).ToContainTextAsync("do we have it?");
        await Expect(anna.Locator("[data-mention-count]")).ToBeHiddenAsync();
        await Expect(anna.Locator("[data-presence]")).ToContainTextAsync("looking at this, too");
        await Expect(maria.Locator("[data-presence]")).ToContainTextAsync($"{Anna} is looking at this, too");
        await anna.Locator("[data-reply-text]").PressSequentiallyAsync("Yes, we");
        await Expect(maria.Locator("[data-presence]")).ToContainTextAsync($"{Anna} is typing…");
        await Chromium.SaveScreenshotAsync(maria, "presence");
        var result = await maria.RunAxe();
        Assert.Equal("", string.Join('\n', result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));

        await anna.Keyboard.TypeAsync(" do");
        await anna.Locator("[data-mode=note]").CheckAsync();
        await Expect(anna.Locator("[data-note-text]")).ToHaveValueAsync("");
        await anna.ReloadAsync();
        await Expect(anna.Locator("[data-reply-text]")).ToHaveValueAsync("Yes, we do");
        await maria.Locator("[data-mode=reply]").CheckAsync();
        await maria.Locator("[data-reply-text]").FillAsync("Yes!");
        await anna.Locator("[data-reply-text]").PressAsync("Enter");
        await Expect(maria.Locator("[data-message]").Filter(new() { HasText = "Yes, we do" })).ToBeVisibleAsync();
        await maria.Locator("[data-reply-text]").PressAsync("Enter");
        await Expect(maria.Locator("[data-reply] [role=alert]")).ToContainTextAsync($"{Anna} has answered meanwhile");
        await maria.Locator("[data-reply-text]").PressAsync("Enter");
        await Expect(maria.Locator("[data-message][data-own=true]")).ToContainTextAsync("Yes!");
        await Expect(maria.Locator("[data-reply] [role=alert]")).ToHaveCountAsync(0);
        await maria.Locator("[data-assignee]").ClickAsync();
        await maria.Locator("[data-action=assign]").Filter(new() { HasText = Anna }).ClickAsync();
        await Expect(anna.Locator("[data-assignee]")).ToContainTextAsync("Assigned to you");
        await maria.Locator("[data-note] [data-dialog-open]").ClickAsync();
        await maria.Locator("[data-delete-note]").ClickAsync();
        await Expect(anna.Locator("[data-note]")).ToHaveCountAsync(0);
        await maria.Locator("[data-thread-scroll]").FocusAsync();
        await maria.Keyboard.PressAsync("u");
        await Expect(maria.Locator("[data-row] [data-unread-badge]")).ToContainTextAsync("1");
        Assert.DoesNotContain(await app.MessagesAsync(), m => $"{m["text"]}".Contains("do we have it", StringComparison.Ordinal));
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static Task NoticeAsync(IPage page, string text) => Until.True(
        async () => await page.EvaluateAsync<bool>("text => notices.some(notice => notice.endsWith(text))", text),
        $"a notification says {text}");

    private static async Task InviteAnnaAsync(AppProcess app)
    {
        using var invited = await app.Http.PostAsJsonAsync(
            "api/members/invitations", new { email = "anna@example.com", roles = new[] { "agent" } },
            TestContext.Current.CancellationToken);
        var link = (string)(await invited.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["inviteUrl"]!;
        using var anonymous = new HttpClient { BaseAddress = app.BaseAddress };
        using var accepted = await anonymous.PostAsJsonAsync(
            "api/auth/invitations/accept", new { token = link.Split('/')[^1], name = Anna, password = AppProcess.AdminPassword },
            TestContext.Current.CancellationToken);
        accepted.EnsureSuccessStatusCode();
    }

    private static async Task SignInAsync(IPage page, AppProcess app)
    {
        await page.GotoAsync(app.BaseAddress.ToString());
        await page.GetByLabel("E-mail address").FillAsync("anna@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(AppProcess.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(app.BaseAddress, "inbox").ToString());
    }
}
