using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>
/// The main scenario: an agent in the back office and a customer on a phone, each in their own browser.
/// </summary>
[Requires(Requirement.Chromium)]
public sealed class StoryTests
{
    [Fact]
    public async Task An_agent_connects_a_Page_answers_customers_on_both_channels_and_sees_delivered_and_read_without_reloading()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        var agent = await chromium.OpenAsync();
        var phone = await chromium.OpenAsync();

        await Chromium.SignInAsync(agent, app);
        await ConnectAsync(agent, app);
        await phone.GotoAsync(new Uri(meta.BaseAddress, "phone").ToString());
        await agent.GotoAsync(new Uri(app.BaseAddress, "inbox").ToString());
        await agent.EvaluateAsync("() => { window.neverReloaded = true; }");

        await WriteAsync(phone, "messenger", "Do you have the blue cup?");
        await AnswerAsync(agent, "Do you have the blue cup?", "Yes, in three sizes.");
        await SeenOnPhoneAsync(phone, "messenger", "Yes, in three sizes.");
        await ReadAsync(agent, "Yes, in three sizes.");
        await Chromium.SaveScreenshotAsync(agent, "story-messenger");

        await WriteAsync(phone, "instagram", "Kan ni skicka till Malmö? 💙");
        await AnswerAsync(agent, "Kan ni skicka till Malmö? 💙", "Ja, i morgon!");
        await SeenOnPhoneAsync(phone, "instagram", "Ja, i morgon!");
        await ReadAsync(agent, "Ja, i morgon!");
        await Chromium.SaveScreenshotAsync(agent, "story-instagram");
        await Chromium.SaveScreenshotAsync(phone, "story-phones");

        Assert.True(await agent.EvaluateAsync<bool>("() => window.neverReloaded === true"));
        await agent.GotoAsync(new Uri(app.BaseAddress, "dashboard").ToString());
        await Expect(agent.Locator("[data-total=inbound]")).ToContainTextAsync("2");
        await Expect(agent.Locator("[data-total=outbound]")).ToContainTextAsync("2");
        await Chromium.SaveScreenshotAsync(agent, "story-dashboard");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static async Task ConnectAsync(IPage agent, AppProcess app)
    {
        await agent.GotoAsync(new Uri(app.BaseAddress, "settings/integrations").ToString());
        await agent.Locator("[data-connect]").First.ClickAsync();
        await agent.Locator("button[name=action][value=continue]").ClickAsync();
        await agent.WaitForURLAsync(address => address.Contains("meta_connected=109876543210987", StringComparison.Ordinal));
        await Expect(agent.GetByText("bluecup").First).ToBeVisibleAsync();
        await Chromium.SaveScreenshotAsync(agent, "story-connected");
    }

    private static async Task WriteAsync(IPage phone, string channel, string text)
    {
        var device = phone.Locator($"[data-phone={channel}]");
        await device.Locator("[data-compose]").FillAsync(text);
        await device.Locator("[data-send]").ClickAsync();
    }

    private static async Task AnswerAsync(IPage agent, string question, string answer)
    {
        await agent.Locator("[data-row]").Filter(new() { HasText = question }).ClickAsync();
        await Expect(agent.Locator("[data-message][data-direction=inbound]").Filter(new() { HasText = question })).ToBeVisibleAsync();
        await agent.Locator("[data-reply-text]").FillAsync(answer);
        await agent.Locator("[data-reply-text]").PressAsync("Enter");
        await Expect(agent.Locator("[data-message][data-direction=outbound]").Filter(new() { HasText = answer })).ToHaveCountAsync(1);
    }

    private static Task SeenOnPhoneAsync(IPage phone, string channel, string answer) =>
        Expect(
            phone.Locator(
                $"[data-phone={channel}] [data-bubble][data-from=business]").Filter(new() { HasText = answer })).ToBeVisibleAsync();

    /// <summary>Delivered comes first on Messenger; read is what both channels end with.</summary>
    private static async Task ReadAsync(IPage agent, string answer)
    {
        var message = agent.Locator("[data-message][data-direction=outbound]").Filter(new() { HasText = answer });
        await Expect(message).ToHaveAttributeAsync("data-status", "read");
    }
}
