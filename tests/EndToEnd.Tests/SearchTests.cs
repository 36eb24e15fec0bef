using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The search of the inbox: people, and messages that are shown where they were written.</summary>
[Requires(Requirement.Chromium)]
public sealed class SearchTests(InboxFixture inbox) : IClassFixture<InboxFixture>
{
    private const int Length = 140;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hit_leads_to_its_message_deep_in_the_conversation_and_back(bool phone)
    {
        var name = phone ? "Petra Pocket" : "Gerda Grundmann";
        var customer = await inbox.CustomerAsync(name);
        for (var i = 0; i < Length; i++)
            await inbox.Meta.Control.WriteAsync(customer.Id, i == 20 ? $"Zwei Äpfel für {name}" : $"Nachricht {i} von {name}");
        var agent = await inbox.OpenAsync(customer, phone);
        await Expect(Message(agent, $"Nachricht {Length - 1} ")).ToBeVisibleAsync();
        if (phone) await agent.Locator("[data-back]").ClickAsync();

        await Field(agent).FillAsync($"APFEL {name.Split(' ')[0]}");
        var hit = agent.Locator("[data-hit] > a");
        await Expect(hit).ToHaveCountAsync(1);
        await Expect(hit.Locator("mark").First).ToHaveTextAsync("Äpfel");
        await Expect(agent.Locator("[data-row]")).ToHaveCountAsync(0);
        await EnsureAccessibleAsync(agent);
        await Chromium.SaveScreenshotAsync(agent, phone ? "search-phone" : "search");
        await Field(agent).PressAsync("ArrowDown");
        await Expect(hit).ToBeFocusedAsync();
        await hit.PressAsync("Enter");

        var found = Message(agent, "Zwei Äpfel");
        await Expect(found).ToBeInViewportAsync();
        await Expect(found).ToBeFocusedAsync();
        await Expect(found).ToHaveAttributeAsync("data-found", "");
        await Expect(agent).ToHaveURLAsync(new Regex("message=\\d+"));
        await EnsureAccessibleAsync(agent);
        await Chromium.SaveScreenshotAsync(agent, phone ? "search-found-phone" : "search-found");

        // What arrives meanwhile belongs to the end, which is not shown.
        await inbox.Meta.Control.WriteAsync(customer.Id, "Noch etwas");
        await Expect(agent.Locator("[data-new-messages]")).ToBeVisibleAsync();
        await Expect(Message(agent, "Noch etwas")).ToHaveCountAsync(0);
        await Expect(found).ToBeInViewportAsync();

        await agent.GoBackAsync();
        await Expect(agent.Locator("[data-found]")).ToHaveCountAsync(0);
        await agent.GoForwardAsync();
        await Expect(found).ToBeInViewportAsync();
        await inbox.Meta.Control.WriteAsync(customer.Id, "Und noch etwas");
        await agent.Locator("[data-new-messages]").ClickAsync();
        await Expect(Message(agent, "Und noch etwas")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Scrolling_down_from_a_hit_reaches_the_end()
    {
        var customer = await inbox.CustomerAsync("Norma Neuer");
        for (var i = 0; i < Length; i++)
            await inbox.Meta.Control.WriteAsync(customer.Id, i == 5 ? "Nadel im Heuhaufen" : i.ToString(CultureInfo.InvariantCulture));
        var agent = await inbox.OpenAsync(customer);
        await Field(agent).FillAsync("heuhauf");
        await agent.Locator("[data-hit] > a").ClickAsync();
        await Expect(Message(agent, "Nadel im Heuhaufen")).ToBeInViewportAsync();

        await Until.True(
            async () =>
            {
                await agent.Locator("[data-thread-scroll]").EvaluateAsync("box => box.scrollTop = box.scrollHeight");
                return await agent.Locator("[data-newer]").CountAsync() == 0;
            },
            "all newer messages are loaded");

        await Expect(agent.Locator("[data-message]").Last).ToContainTextAsync($"{Length - 1}");
        Assert.Equal(Length + 1, await agent.Locator("[data-message]").CountAsync());
    }

    [Fact]
    public async Task A_search_without_a_hit_says_what_is_searched_and_an_input_method_is_waited_for()
    {
        var customer = await inbox.CustomerAsync("田中 花子");
        await inbox.Meta.Control.WriteAsync(customer.Id, "東京都に行きます");
        var agent = await inbox.OpenAsync(customer);
        await Field(agent).FillAsync("nichts dergleichen");
        await Expect(agent.GetByRole(AriaRole.Heading, new() { Name = "Nothing found" })).ToBeVisibleAsync();
        await EnsureAccessibleAsync(agent);

        var searches = 0;
        agent.Request += (_, request) => searches += request.Url.Contains("/inbox?", StringComparison.Ordinal) ? 1 : 0;
        await Field(agent).EvaluateAsync(
            "field => { field.value = 'とうきょう'; field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true })); }");
        await Task.WhenAll(agent.WaitForRequestFinishedAsync(), Field(agent).EvaluateAsync(
            "field => { field.value = '東京'; field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true })); }"));

        await Expect(agent.Locator("[data-hit] mark")).ToHaveTextAsync("東京");
        Assert.Equal(1, searches);
        await Field(agent).FillAsync("花子");
        await Expect(agent.Locator("[data-row]")).ToContainTextAsync("田中 花子");
    }

    private static ILocator Field(IPage agent) => agent.Locator("[data-search-field]");

    private static ILocator Message(IPage agent, string text) => agent.Locator("[data-message]").Filter(new() { HasText = text });

    private static async Task EnsureAccessibleAsync(IPage agent)
    {
        var result = await agent.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(v => $"{v.Id}: {v.Nodes[0].Html}")));
    }
}
