using System.Collections.Concurrent;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Messages that arrive at moments when the inbox could miss them.</summary>
[Requires(Requirement.Chromium)]
public sealed class LiveInboxTests(InboxFixture inbox) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task A_message_that_arrives_before_the_page_listens_is_shown()
    {
        var agent = await inbox.NewPageAsync();
        var written = new TaskCompletionSource();
        await agent.AddInitScriptAsync("delete window.WebSocket");   // where none gets through, the page negotiates another transport
        await agent.RouteAsync("**/hubs/inbox/negotiate*", async route =>
        {
            await written.Task;
            await route.ContinueAsync();
        });

        await inbox.GoToAsync(agent, "inbox");
        var customer = await inbox.CustomerAsync("Amara Okafor");
        written.SetResult();

        await Expect(Row(agent, customer)).ToContainTextAsync("Hello from Amara Okafor");
    }

    [Fact]
    public async Task A_message_is_shown_by_the_browsers_of_every_node_whichever_of_them_processes_it()
    {
        await using var second = await inbox.App.StartSecondNodeAsync();
        var (near, far) = (await OpenAsync("inbox"), await inbox.NewPageAsync());
        await far.GotoAsync(new Uri(second.BaseAddress, "inbox").ToString());
        await far.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var customer = await inbox.CustomerAsync("Kira Olsen");

        foreach (var agent in new[] { near, far }) await Expect(Row(agent, customer)).ToContainTextAsync("Hello from Kira Olsen");
    }

    [Fact]
    public async Task A_row_that_is_updated_between_press_and_release_still_opens()
    {
        var customer = await inbox.CustomerAsync("Bela Nagy");
        var agent = await OpenAsync("inbox");
        var row = Row(agent, customer);

        await row.HoverAsync();
        await agent.Mouse.DownAsync();
        var refreshed = agent.WaitForResponseAsync("**/row?*");
        await inbox.Meta.Control.WriteAsync(customer.Id, "In blue?");
        await (await refreshed).FinishedAsync();
        await agent.Mouse.UpAsync();

        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "In blue?" })).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("In blue?");
    }

    [Fact]
    public async Task Sixty_messages_that_arrive_while_the_page_is_offline_are_all_shown_when_it_is_back()
    {
        var customer = await inbox.CustomerAsync("Carla Reyes");
        var connections = new List<IWebSocketRoute>();
        var agent = await OpenAsync($"inbox/{customer.ConversationId}", page => page.RouteWebSocketAsync("**/hubs/inbox**", socket =>
        {
            socket.ConnectToServer();
            connections.Add(socket);
        }));

        await agent.Context.SetOfflineAsync(true);
        foreach (var connection in connections) await connection.CloseAsync();
        await Expect(agent.Locator("[data-live-state]")).ToHaveTextAsync("Reconnecting…");
        for (var i = 1; i <= 60; i++) await inbox.Meta.Control.WriteAsync(customer.Id, $"Question {i}");
        var messages = $"api/conversations/{customer.ConversationId}/messages?limit=100";
        await Until.Found(
            async () => (await inbox.App.GetAsync(messages))["items"]!.AsArray().Count,
            count => count == 61, "all messages are received");
        await agent.Context.SetOfflineAsync(false);

        await Expect(agent.Locator("[data-message] .message-text")).ToHaveTextAsync(
            ["Hello from Carla Reyes", .. Enumerable.Range(1, 60).Select(i => $"Question {i}")]);
    }

    [Fact]
    public async Task A_message_that_arrives_while_its_conversation_is_loading_is_shown()
    {
        var customer = await inbox.CustomerAsync("Dina Khan");
        using (
            await inbox.App.Http.PostAsync(
                $"api/conversations/{customer.ConversationId}/read",
                null,
                TestContext.Current.CancellationToken)) { }   // what is unread is looked at again anyway
        var (fetched, written) = (new TaskCompletionSource(), new TaskCompletionSource());
        var agent = await OpenAsync("inbox", page => page.RouteAsync($"**/inbox/{customer.ConversationId}", async route =>
        {
            var before = await route.FetchAsync();
            fetched.SetResult();
            await written.Task;
            await route.FulfillAsync(new() { Response = before });
        }));
        var row = Row(agent, customer);

        await row.ClickAsync();
        await fetched.Task;
        await inbox.Meta.Control.WriteAsync(customer.Id, "In blue?");
        await Expect(row).ToContainTextAsync("In blue?");
        written.SetResult();

        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "In blue?" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("Emil Novak", "**/inbox/*/row?*", "[data-row]:has-text('Emil Novak')")]
    [InlineData("Fatima Said", "**/inbox/messages/*", "[data-message]:last-child")]
    public async Task An_answer_that_comes_late_does_not_take_the_place_of_a_later_one(string name, string address, string part)
    {
        var customer = await inbox.CustomerAsync(name);
        Func<int> updates = null!;
        var agent = await OpenAsync($"inbox/{customer.ConversationId}", page =>
        {
            updates = CountUpdates(page);
            return page.Clock.InstallAsync();
        });
        var held = await HeldAnswer.OfAsync(agent, address);

        var written = await inbox.Meta.Control.WriteAsync(customer.Id, "In blue?");
        await held.Fetched;
        var before = updates();
        await inbox.Meta.Control.EditAsync(customer.Id, written.Mid, "In green?");
        await Until.True(() => updates() > before, "the page hears of the edit");
        await agent.Clock.RunForAsync(1_000);   // past the time for which the page collects updates
        await held.ReleaseAsync();

        await Expect(agent.Locator(part)).ToContainTextAsync("In green?");
    }

    [Fact]
    public async Task What_happens_while_another_list_is_loading_is_shown_in_it()
    {
        var customer = await inbox.CustomerAsync("Goran Ilic");
        var agent = await OpenAsync("inbox");
        var row = Row(agent, customer);
        var held = await HeldAnswer.OfAsync(agent, "**/inbox?unread=*");

        await agent.Locator("[data-filter=unread]").ClickAsync();
        await held.Fetched;
        await inbox.Meta.Control.WriteAsync(customer.Id, "In blue?");
        await Expect(row).ToContainTextAsync("In blue?");
        await held.ReleaseAsync();

        await Expect(agent.Locator("[data-filter=unread]")).ToHaveAttributeAsync("aria-current", "true");
        await Expect(row).ToContainTextAsync("In blue?");
    }

    [Fact]
    public async Task A_row_stays_when_the_server_cannot_say_how_it_is_now()
    {
        var customer = await inbox.CustomerAsync("Hana Sato");
        var agent = await OpenAsync("inbox");
        await agent.RouteAsync("**/inbox/*/row?*", route => route.FulfillAsync(new() { Status = 503 }));

        var refused = agent.WaitForResponseAsync("**/inbox/*/row?*");
        await inbox.Meta.Control.WriteAsync(customer.Id, "In blue?");
        await refused;
        await HeldAnswer.UntilTakenAsync(agent);

        await Expect(Row(agent, customer)).ToContainTextAsync("Hello from Hana Sato");
    }

    [Fact]
    public async Task A_message_is_not_shown_in_a_conversation_that_was_opened_while_it_was_loading()
    {
        var (ivo, jana) = (await inbox.CustomerAsync("Ivo Marek"), await inbox.CustomerAsync("Jana Lund"));
        var agent = await OpenAsync($"inbox/{ivo.ConversationId}");
        var held = await HeldAnswer.OfAsync(agent, "**/inbox/messages/*");

        await inbox.Meta.Control.WriteAsync(ivo.Id, "In blue?");
        await held.Fetched;
        await Row(agent, jana).ClickAsync();
        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "Hello from Jana Lund" })).ToBeVisibleAsync();
        await held.ReleaseAsync();

        await Expect(agent.Locator("[data-message]")).ToHaveCountAsync(1);
    }

    private static ILocator Row(IPage page, Customer customer) => page.Locator($"[data-row='{customer.ConversationId}']");

    /// <summary>Opens a page and waits until it listens; before its scripts run, a click leaves the page.</summary>
    private async Task<IPage> OpenAsync(string path, Func<IPage, Task>? prepare = null)
    {
        var page = await inbox.NewPageAsync();
        if (prepare is not null) await prepare(page);
        await inbox.GoToAsync(page, path);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        return page;
    }

    /// <returns>Of how many changed messages the page has heard so far.</returns>
    private static Func<int> CountUpdates(IPage page)
    {
        var received = 0;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.Contains("messageUpdated", StringComparison.Ordinal) == true) Interlocked.Increment(ref received);
        };
        return () => Volatile.Read(ref received);
    }

    /// <summary>The first answer of an address, which reaches the page after what the page asks for meanwhile.</summary>
    private sealed class HeldAnswer
    {
        private readonly IPage page;
        private readonly TaskCompletionSource<IRoute> fetched = new();
        private readonly TaskCompletionSource released = new();
        private readonly ConcurrentQueue<IRequest> requests = [];

        private HeldAnswer(IPage page) => this.page = page;

        public Task<IRoute> Fetched => fetched.Task;

        public static async Task<HeldAnswer> OfAsync(IPage page, string address)
        {
            var held = new HeldAnswer(page);
            page.Request += (_, request) => held.requests.Enqueue(request);
            await page.RouteAsync(address, async route =>
            {
                var answer = await route.FetchAsync();
                held.fetched.SetResult(route);
                await held.released.Task;
                await route.FulfillAsync(new() { Response = answer });
            }, new() { Times = 1 });
            return held;
        }

        public async Task ReleaseAsync()
        {
            var first = (await Fetched).Request;
            foreach (var request in requests.Where(r => r != first)) await request.ResponseAsync();
            released.SetResult();
            await (await first.ResponseAsync())!.FinishedAsync();
            await UntilTakenAsync(page);
        }

        /// <summary>An answer that the page asks for now comes after it has taken those that it had.</summary>
        public static async Task UntilTakenAsync(IPage page) =>
            await page.EvaluateAsync("async () => { await (await fetch('/health/live')).text(); }");
    }
}
