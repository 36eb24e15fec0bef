using System.Security.Cryptography;
using System.Text;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The people who look after deliveries, in their browser.</summary>
[Requires(Requirement.Chromium)]
public sealed class OperationsTests
{
    private const int Deliveries = 12;

    [Fact]
    public async Task Ops_select_and_replay_deliveries_and_see_the_progress()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        for (var i = 0; i < Deliveries; i++)
        {
            var item = $$$"""{"sender":{"id":"{{{i}}}"},"message":{"mid":"m_e2e{{{i:00}}}","text":"x"}}""";
            await DeliverAsync(app, $$"""{"object":"page","entry":[{"id":"404","messaging":[{{item}}]}]}""");
        }

        await DeliverAsync(app, "this is no JSON");
        var ops = await chromium.OpenAsync();
        await Chromium.SignInAsync(ops, app);

        await ops.GotoAsync(new Uri(app.BaseAddress, "ops/webhooks?state=ignored").ToString());
        await Until.True(
            async () => await ops.ReloadAsync() is not null && await ops.Locator("[data-delivery]").CountAsync() == Deliveries,
            TimeSpan.FromSeconds(20), () => "The deliveries were not processed.");
        await Expect(ops.Locator("[data-replay-selected]")).ToBeDisabledAsync();
        await ops.Locator("[name=ids]").Nth(0).CheckAsync();
        await ops.Locator("[name=ids]").Nth(1).CheckAsync();
        await Expect(ops.Locator("[data-selected-count]")).ToHaveTextAsync("2 selected");
        await ops.Locator("[data-replay-selected]").ClickAsync();
        await FinishedAsync(ops, 2);

        await ops.GotoAsync(new Uri(app.BaseAddress, "ops/webhooks?state=ignored").ToString());
        await ops.Locator("[data-replay-all]").ClickAsync();
        await FinishedAsync(ops, Deliveries);
        await ops.ReloadAsync();
        await FinishedAsync(ops, Deliveries);
        await Chromium.SaveScreenshotAsync(ops, "ops-replayed");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    [Fact]
    public async Task A_copied_payload_is_confirmed_by_the_button()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await DeliverAsync(app, "this is no JSON");
        var ops = await chromium.OpenAsync(width: 390, height: 844);
        await ops.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Chromium.SignInAsync(ops, app);

        await ops.GotoAsync(new Uri(app.BaseAddress, "ops/webhooks?q=no+JSON").ToString());
        await ops.Locator("[data-delivery] .row-link").ClickAsync();
        await Until.True(
            async () => await ops.ReloadAsync() is not null && await ops.Locator("[data-outcome] [data-state=Failed]").IsVisibleAsync(),
            TimeSpan.FromSeconds(20), () => "The delivery was not processed.");
        await ops.Locator("[data-copy=payload]").ClickAsync();

        await Expect(ops.Locator("[data-copy=payload]")).ToContainTextAsync("Copied");
        Assert.Equal("this is no JSON", await ops.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        Assert.True(await ops.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await Chromium.SaveScreenshotAsync(ops, "ops-delivery-phone");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    [Fact]
    public async Task The_pages_of_libraries_are_shown_with_their_own_styles()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        var ops = await chromium.OpenAsync();
        await Chromium.SignInAsync(ops, app);

        foreach (var path in (string[])["hangfire", "hangfire/recurring", "hangfire/servers", "api/docs"])
        {
            await ops.GotoAsync(new Uri(app.BaseAddress, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            await Chromium.SaveScreenshotAsync(ops, path.Replace('/', '-'));
        }

        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static async Task FinishedAsync(IPage ops, int count)
    {
        await Expect(ops.Locator("[data-replay-progress][data-done=true]").First).ToContainTextAsync($"{count} of {count} processed");
        await Expect(ops.Locator("[data-replay-progress] progress").First).ToHaveAttributeAsync("value", $"{count}");
    }

    private static async Task DeliverAsync(AppProcess app, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"), bytes));
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Webhook) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("X-Hub-Signature-256", $"sha256={signature}");
        using var answer = await app.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
