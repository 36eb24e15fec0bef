using System.Collections.Concurrent;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Messages that arrive at moments when the inbox could miss them.</summary>
[Requires(Requirement.Chromium)]
public sealed class LiveInboxTests
{
    [Fact]
    public async Task A_message_that_arrives_before_the_page_listens_is_shown()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        var agent = await chromium.OpenAsync();
        var written = new TaskCompletionSource();
        await agent.AddInitScriptAsync("delete window.WebSocket");   // where none gets through, the page negotiates another transport
        await agent.RouteAsync("**/hubs/inbox/negotiate*", async route =>
        {
            await written.Task;
            await route.ContinueAsync();
        });

        await Chromium.SignInAsync(agent, app);
        await Expect(agent.GetByText("No open conversations")).ToBeVisibleAsync();
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        await app.ConversationOfAsync("facebookMessenger");
        written.SetResult();

        await Expect(agent.Locator("[data-row]")).ToContainTextAsync("Do you have the blue cup?");
    }

    [Fact]
    public async Task A_message_is_shown_by_the_browsers_of_every_node_whichever_of_them_processes_it()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartSecondNodeAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        var (near, far) = (await chromium.OpenAsync(), await chromium.OpenAsync());
        await Chromium.SignInAsync(near, first);
        await Chromium.SignInAsync(far, second);
        foreach (var agent in new[] { near, far }) await Expect(agent.GetByText("No open conversations")).ToBeVisibleAsync();

        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");

        foreach (var agent in new[] { near, far })
            await Expect(agent.Locator("[data-row]")).ToContainTextAsync("Do you have the blue cup?");
    }

    [Fact]
    public async Task A_row_that_is_updated_between_press_and_release_still_opens()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var agent = await chromium.OpenAsync();
        await Chromium.SignInAsync(agent, app);
        var row = agent.Locator("[data-row]");
        await Expect(row).ToContainTextAsync("Amara Okafor");
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await row.HoverAsync();
        await agent.Mouse.DownAsync();
        var refreshed = agent.WaitForResponseAsync("**/row?*");
        await meta.Control.WriteAsync(customer, "In blue?");
        await (await refreshed).FinishedAsync();
        await agent.Mouse.UpAsync();

        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "In blue?" })).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("In blue?");
    }

    [Fact]
    public async Task Sixty_messages_that_arrive_while_the_page_is_offline_are_all_shown_when_it_is_back()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        var agent = await chromium.OpenAsync();
        var connections = new List<IWebSocketRoute>();
        await agent.RouteWebSocketAsync("**/hubs/inbox**", socket =>
        {
            socket.ConnectToServer();
            connections.Add(socket);
        });
        await Chromium.SignInAsync(agent, app);
        await agent.GotoAsync(new Uri(app.BaseAddress, $"inbox/{conversation}").ToString());
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await agent.Context.SetOfflineAsync(true);
        foreach (var connection in connections) await connection.CloseAsync();
        await Expect(agent.Locator("[data-live-state]")).ToHaveTextAsync("Reconnecting…");
        for (var i = 1; i <= 60; i++) await meta.Control.WriteAsync(customer, $"Question {i}");
        await Until.Found(
            async () => (await app.GetAsync($"api/conversations/{conversation}/messages?limit=100"))["items"]!.AsArray().Count,
            count => count == 61, "all messages are received");
        await agent.Context.SetOfflineAsync(false);

        await Expect(agent.Locator("[data-message] .message-text")).ToHaveTextAsync(
            ["Do you have the blue cup?", .. Enumerable.Range(1, 60).Select(i => $"Question {i}")]);
    }

    [Fact]
    public async Task A_message_that_arrives_while_its_conversation_is_loading_is_shown()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        using (
            await app.Http.PostAsync(
                $"api/conversations/{conversation}/read",
                null,
                TestContext.Current.CancellationToken)) { }   // what is unread is looked at again anyway
        var agent = await chromium.OpenAsync();
        var (fetched, written) = (new TaskCompletionSource(), new TaskCompletionSource());
        await agent.RouteAsync($"**/inbox/{conversation}", async route =>
        {
            var before = await route.FetchAsync();
            fetched.SetResult();
            await written.Task;
            await route.FulfillAsync(new() { Response = before });
        });
        await Chromium.SignInAsync(agent, app);
        var row = agent.Locator("[data-row]");
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);   // before its scripts run, a click leaves the page

        await row.ClickAsync();
        await fetched.Task;
        await meta.Control.WriteAsync(customer, "In blue?");
        await Expect(row).ToContainTextAsync("In blue?");
        written.SetResult();

        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "In blue?" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("**/inbox/*/row?*", "[data-row]")]
    [InlineData("**/inbox/messages/*", "[data-message]:last-child")]
    public async Task An_answer_that_comes_late_does_not_take_the_place_of_a_later_one(string address, string part)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        var agent = await chromium.OpenAsync();
        var updates = CountUpdates(agent);
        await agent.Clock.InstallAsync();
        await Chromium.SignInAsync(agent, app);
        await agent.GotoAsync(new Uri(app.BaseAddress, $"inbox/{conversation}").ToString());
        await Expect(agent.Locator("[data-row]")).ToContainTextAsync("Amara Okafor");
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var held = await HeldAnswer.OfAsync(agent, address);

        var written = await meta.Control.WriteAsync(customer, "In blue?");
        await held.Fetched;
        var before = updates();
        await meta.Control.EditAsync(customer, written.Mid, "In green?");
        await Until.True(() => updates() > before, "the page hears of the edit");
        await agent.Clock.RunForAsync(1_000);   // past the time for which the page collects updates
        await held.ReleaseAsync();

        await Expect(agent.Locator(part)).ToContainTextAsync("In green?");
    }

    [Fact]
    public async Task What_happens_while_another_list_is_loading_is_shown_in_it()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var agent = await chromium.OpenAsync();
        await Chromium.SignInAsync(agent, app);
        var row = agent.Locator("[data-row]");
        await Expect(row).ToContainTextAsync("Amara Okafor");
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var held = await HeldAnswer.OfAsync(agent, "**/inbox?unread=*");

        await agent.Locator("[data-filter=unread]").ClickAsync();
        await held.Fetched;
        await meta.Control.WriteAsync(customer, "In blue?");
        await Expect(row).ToContainTextAsync("In blue?");
        await held.ReleaseAsync();

        await Expect(agent.Locator("[data-filter=unread]")).ToHaveAttributeAsync("aria-current", "true");
        await Expect(row).ToContainTextAsync("In blue?");
    }

    [Fact]
    public async Task A_row_stays_when_the_server_cannot_say_how_it_is_now()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(customer, "Do you have the blue cup?");
        var agent = await chromium.OpenAsync();
        await Chromium.SignInAsync(agent, app);
        var row = agent.Locator("[data-row]");
        await Expect(row).ToContainTextAsync("Amara Okafor");
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await agent.RouteAsync("**/inbox/*/row?*", route => route.FulfillAsync(new() { Status = 503 }));

        var refused = agent.WaitForResponseAsync("**/inbox/*/row?*");
        await meta.Control.WriteAsync(customer, "In blue?");
        await refused;
        await HeldAnswer.UntilTakenAsync(agent);

        await Expect(row).ToContainTextAsync("Do you have the blue cup?");
    }

    [Fact]
    public async Task A_message_is_not_shown_in_a_conversation_that_was_opened_while_it_was_loading()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var amara = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor" });
        await meta.Control.WriteAsync(amara, "Do you have the blue cup?");
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        var ben = await meta.Control.CreateCustomerAsync(new { name = "Ben Lund" });
        await meta.Control.WriteAsync(ben, "Where is my parcel?");
        var agent = await chromium.OpenAsync();
        await Chromium.SignInAsync(agent, app);
        await agent.GotoAsync(new Uri(app.BaseAddress, $"inbox/{conversation}").ToString());
        var rowOfBen = agent.Locator("[data-row]").Filter(new() { HasText = "Ben Lund" });
        await Expect(rowOfBen).ToBeVisibleAsync();
        await agent.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var held = await HeldAnswer.OfAsync(agent, "**/inbox/messages/*");

        await meta.Control.WriteAsync(amara, "In blue?");
        await held.Fetched;
        await rowOfBen.ClickAsync();
        await Expect(agent.Locator("[data-message]").Filter(new() { HasText = "Where is my parcel?" })).ToBeVisibleAsync();
        await held.ReleaseAsync();

        await Expect(agent.Locator("[data-message]")).ToHaveCountAsync(1);
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
