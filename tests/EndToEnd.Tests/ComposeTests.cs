using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>
/// The compose bar: files, canned replies, emoji and drafts are sent or kept, and refusals are explained.
/// </summary>
[Requires(Requirement.Chromium)]
public sealed class ComposeTests(InboxFixture inbox) : IClassFixture<InboxFixture>
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Files_are_pasted_and_picked_and_arrive_behind_the_text()
    {
        var customer = await inbox.CustomerAsync("Paula Pictures");
        var agent = await inbox.OpenAsync(customer);

        await PasteAsync(agent, "pasted.png");
        await PickAsync(
            agent,
            ("menu.pdf", "application/pdf", "%PDF-1.4 menu"u8.ToArray()),
            ("a.png", "image/png", Png),
            ("notes.txt", "text/plain", "notes"u8.ToArray()));
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(4);
        await Chromium.SaveScreenshotAsync(agent, "compose-files");
        await agent.GetByRole(AriaRole.Button, new() { Name = "Remove a.png" }).ClickAsync();
        await Text(agent).FillAsync("Here they are");
        await Text(agent).PressAsync("Enter");

        await Expect(Outbound(agent)).ToHaveCountAsync(4);
        await Expect(Outbound(agent).Nth(0)).ToContainTextAsync("Here they are");
        await Expect(Outbound(agent).Nth(1).Locator("img")).ToBeVisibleAsync();
        await Expect(Outbound(agent).Nth(2)).ToContainTextAsync("menu.pdf");
        await Expect(Outbound(agent).Nth(3)).ToContainTextAsync("notes.txt");
        await Expect(agent.Locator("[data-file]")).ToHaveCountAsync(0);
        await Until.True(async () => (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count == 4, "Meta has all four");
    }

    [Fact]
    public async Task A_file_is_dropped_anywhere_on_the_conversation()
    {
        var customer = await inbox.CustomerAsync("Dora Drop");
        var agent = await inbox.OpenAsync(customer);

        await DragAsync(agent, "dragenter", "dropped.png");
        await Expect(agent.Locator("[data-drop-zone]")).ToBeVisibleAsync();
        await DragAsync(agent, "drop", "dropped.png");
        await Expect(agent.Locator("[data-drop-zone]")).ToBeHiddenAsync();
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(1);
        await agent.Locator("[data-send]").ClickAsync();

        await Expect(Outbound(agent).Locator("img")).ToBeVisibleAsync();
        await Until.True(async () => (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count == 1, "Meta has the picture");
    }

    [Fact]
    public async Task A_file_that_the_channel_does_not_accept_is_refused_before_the_upload()
    {
        var customer = await inbox.CustomerAsync("Iris Instagram", "instagram");
        var agent = await inbox.OpenAsync(customer);

        await PickAsync(agent, ("table.csv", "text/csv", "a;b"u8.ToArray()), ("b.png", "image/png", Png));

        await Expect(
            agent.Locator("[data-file][data-file-state=failed]")).ToContainTextAsync("Instagram takes pictures, videos, sound and PDF");
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(1);
        await Expect(agent.Locator("[data-send]")).ToBeDisabledAsync();
        await agent.GetByRole(AriaRole.Button, new() { Name = "Remove table.csv" }).ClickAsync();
        await Text(agent).FillAsync(new string('ö', 501));
        await Expect(agent.Locator("[data-counter]")).ToHaveTextAsync("2 bytes too many");
        await Expect(agent.Locator("[data-send]")).ToBeDisabledAsync();
        await Text(agent).FillAsync("Like this?");
        await agent.Locator("[data-send]").ClickAsync();
        await Expect(Outbound(agent)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_canned_reply_with_quick_replies_answers_one_message()
    {
        var customer = await inbox.CustomerAsync("Quentin Quick");
        await inbox.CreateCannedReplyAsync(
            "hours", "Opening hours", "Hi {{contact.firstName}}, we are open until 18. Shall we keep a table?");
        var agent = await inbox.OpenAsync(customer);

        await Text(agent).PressSequentiallyAsync("/hou");
        await Expect(agent.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await AssertAccessibleAsync(agent);
        await Text(agent).PressAsync("Enter");
        await Expect(Text(agent)).ToHaveValueAsync("Hi Quentin, we are open until 18. Shall we keep a table?");

        var question = agent.Locator("[data-message][data-direction=inbound]").First;
        await question.HoverAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Reply to this message" }).ClickAsync();
        await Expect(agent.Locator("[data-reply-quote]")).ToContainTextAsync("Replying to Quentin Quick");
        await agent.GetByRole(AriaRole.Button, new() { Name = "Quick replies", Exact = true }).ClickAsync();
        await agent.Keyboard.TypeAsync("Yes");
        await agent.Keyboard.PressAsync("Enter");
        await agent.Keyboard.TypeAsync("No");
        await agent.Keyboard.PressAsync("Enter");
        await agent.Keyboard.PressAsync("Enter");
        await AssertAccessibleAsync(agent);
        await Chromium.SaveScreenshotAsync(agent, "compose-quick-replies");
        await Text(agent).PressAsync("Enter");

        await Expect(Outbound(agent).Locator("[data-quote]")).ToContainTextAsync("Hello from Quentin Quick");
        await Expect(Outbound(agent).GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Yes" })).ToBeVisibleAsync();
        await Expect(agent.Locator("[data-quick-replies]")).ToBeHiddenAsync();
        await Until.True(async () => (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count == 1, "Meta has it");
        var accepted = (await inbox.Meta.Control.GetAcceptedAsync(customer.Id))[0];
        Assert.Equal(["Yes", "No"], accepted.QuickReplies);
        Assert.Equal(customer.FirstMid, accepted.ReplyToMid);
    }

    [Fact]
    public async Task An_emoji_is_found_by_name_with_the_keyboard_alone()
    {
        var customer = await inbox.CustomerAsync("Emil Emoji");
        var agent = await inbox.OpenAsync(customer, phone: true);

        await Text(agent).FillAsync("Thank you ");
        await agent.GetByRole(AriaRole.Button, new() { Name = "Emoji", Exact = true }).ClickAsync();
        await agent.GetByPlaceholder("Search emoji").FillAsync("blue heart");
        await Expect(agent.Locator("[data-emoji-grid] button").First).ToHaveTextAsync("💙");
        await AssertAccessibleAsync(agent);
        await agent.Keyboard.PressAsync("ArrowDown");
        await agent.Keyboard.PressAsync("Enter");

        await Expect(Text(agent)).ToHaveValueAsync("Thank you 💙");
        await Expect(Text(agent)).ToBeFocusedAsync();
        await Chromium.SaveScreenshotAsync(agent, "compose-phone");
    }

    [Fact]
    public async Task A_draft_survives_a_reload_and_belongs_to_its_conversation()
    {
        var one = await inbox.CustomerAsync("Dora Draft");
        var other = await inbox.CustomerAsync("Otto Other");
        var agent = await inbox.OpenAsync(one);
        await Text(agent).FillAsync("Not finished");
        await PickAsync(agent, ("a.png", "image/png", Png));
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(1);

        await agent.Locator($"[data-row=\"{other.ConversationId}\"]").ClickAsync();
        await Expect(agent.Locator("[data-conversation]")).ToHaveAttributeAsync(
            "data-conversation", other.ConversationId.ToString(CultureInfo.InvariantCulture));
        await Expect(Text(agent)).ToHaveValueAsync("");
        await Expect(agent.Locator($"[data-row=\"{one.ConversationId}\"]")).ToContainTextAsync("Draft: Not finished");
        await agent.Locator($"[data-row=\"{one.ConversationId}\"]").ClickAsync();
        await Expect(Text(agent)).ToHaveValueAsync("Not finished");
        await agent.ReloadAsync();

        await Expect(Text(agent)).ToHaveValueAsync("Not finished");
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(1);
        await Text(agent).PressAsync("Enter");
        await Expect(Outbound(agent)).ToHaveCountAsync(2);
        await agent.ReloadAsync();
        await Expect(Text(agent)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_failed_send_is_explained_and_a_retry_sends_once()
    {
        var customer = await inbox.CustomerAsync("Fiona Failure");
        var agent = await inbox.OpenAsync(customer);

        await agent.RouteAsync("**/api/attachments", route => route.AbortAsync(), new() { Times = 1 });
        await PickAsync(agent, ("a.png", "image/png", Png));
        await Expect(agent.Locator("[data-file]")).ToContainTextAsync("The server cannot be reached.");
        await agent.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(agent.Locator("[data-file][data-file-state=ready]")).ToHaveCountAsync(1);

        // The answer gets lost, the message does not.
        await agent.RouteAsync("**/reply*", async route =>
        {
            await route.FetchAsync();
            await route.AbortAsync();
        }, new() { Times = 1 });
        await Text(agent).FillAsync("Only once");
        await Text(agent).PressAsync("Enter");
        await Expect(agent.Locator("[data-reply] [data-form-problems]")).ToContainTextAsync("The server cannot be reached");
        await Expect(Text(agent)).ToHaveValueAsync("Only once");
        await Text(agent).PressAsync("Enter");
        await Expect(Text(agent)).ToHaveValueAsync("");
        await Expect(Outbound(agent)).ToHaveCountAsync(2);
        await Until.True(
            async () => (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count == 2, "Meta has the text and the picture");

        await inbox.Meta.Control.PlanFaultAsync(new { operation = "send", code = 551, times = 1 });
        await Text(agent).FillAsync("Refused at first");
        await Text(agent).PressAsync("Enter");
        var refused = Outbound(agent).Filter(new() { HasText = "Refused at first" });
        await Expect(refused).ToHaveAttributeAsync("data-status", "failed");
        await Expect(refused.Locator("[data-retry]")).ToHaveCountAsync(0);   // the same person would refuse again
        Assert.Equal(2, (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count);

        await inbox.Meta.Control.PlanFaultAsync(new { operation = "send", code = 3, times = 1 });
        await Text(agent).FillAsync("Once an admin has seen to it");
        await Text(agent).PressAsync("Enter");
        var mended = Outbound(agent).Filter(new() { HasText = "Once an admin has seen to it" });
        await Expect(mended).ToHaveAttributeAsync("data-status", "failed");
        await mended.Locator("[data-retry]").ClickAsync();
        // receipts may be faster than the page
        await Expect(mended).ToHaveAttributeAsync("data-status", new Regex("^(sent|delivered|read)$"));
        Assert.Equal(3, (await inbox.Meta.Control.GetAcceptedAsync(customer.Id)).Count);
    }

    [Fact]
    public async Task A_closed_window_is_explained_and_opens_when_the_customer_writes()
    {
        var customer = await inbox.CustomerAsync("Carl Closed", at: DateTimeOffset.UtcNow.AddDays(-8));
        var agent = await inbox.OpenAsync(customer);

        await Expect(agent.GetByText("The reply window is closed", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(Text(agent)).ToBeHiddenAsync();
        await Expect(
            agent.Locator($"[data-row=\"{customer.ConversationId}\"] [data-window-dot]")).ToHaveAttributeAsync("data-window-dot", "closed");
        await AssertAccessibleAsync(agent);
        await inbox.Meta.Control.WriteAsync(customer.Id, "I am back");

        await Expect(Text(agent)).ToBeVisibleAsync();
        await Expect(agent.Locator("[data-countdown-text]")).ToHaveTextAsync("23 h left to reply");
        await Expect(
            agent.Locator($"[data-row=\"{customer.ConversationId}\"] [data-window-dot]")).ToHaveAttributeAsync("data-window-dot", "open");
    }

    private static ILocator Text(IPage agent) => agent.Locator("[data-reply-text]");

    private static ILocator Outbound(IPage agent) => agent.Locator("[data-message][data-direction=outbound]");

    private static Task PickAsync(IPage agent, params (string Name, string Type, byte[] Bytes)[] files) =>
        agent.Locator("[data-file-picker]").SetInputFilesAsync(
            files.Select(f => new FilePayload { Name = f.Name, MimeType = f.Type, Buffer = f.Bytes }));

    private static Task PasteAsync(IPage agent, string name) => DispatchFileEventAsync(Text(agent), "paste", name);

    private static Task DragAsync(IPage agent, string kind, string name) =>
        DispatchFileEventAsync(agent.Locator("[data-message]").First, kind, name);

    private static async Task DispatchFileEventAsync(ILocator to, string kind, string name) => await to.EvaluateAsync(
        """
        (to, [kind, base64, name]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type: 'image/png' }));
          const [Kind, files] = kind === 'paste' ? [ClipboardEvent, 'clipboardData'] : [DragEvent, 'dataTransfer'];
          to.dispatchEvent(new Kind(kind, { [files]: data, bubbles: true, cancelable: true }));
        }
        """,
        new[] { kind, Convert.ToBase64String(Png), name });

    private static async Task AssertAccessibleAsync(IPage agent)
    {
        var result = await agent.RunAxe();
        Assert.Equal("", string.Join('\n', result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }
}
