using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

[Requires(Requirement.Chromium)]
public sealed class ReactionsAndContactsTests
{
    [Fact]
    public async Task An_agent_reacts_by_keyboard_removes_the_reaction_renames_the_contact_and_erases_it()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var agent = await chromium.OpenAsync();
        var phone = await chromium.OpenAsync();
        await phone.GotoAsync(new Uri(meta.BaseAddress, "phone").ToString());
        var device = phone.Locator("[data-phone=messenger]");
        await device.Locator("[data-compose]").FillAsync("Do you have the blue cup?");
        await device.Locator("[data-send]").ClickAsync();
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        await Chromium.SignInAsync(agent, app);
        await agent.GotoAsync(new Uri(app.BaseAddress, $"inbox/{conversation}").ToString());

        var message = agent.Locator("[data-message][data-direction=inbound]");
        await message.Locator("[data-react-menu] > summary").FocusAsync();
        await agent.Keyboard.PressAsync("Enter");
        await agent.Keyboard.PressAsync("Tab");
        await agent.Keyboard.PressAsync("Enter");

        await Expect(message.Locator("[data-reaction=business]")).ToContainTextAsync("❤️");
        await Expect(message.Locator("[data-react-menu] > summary")).ToBeFocusedAsync();
        await Expect(device.Locator("[data-bubble] [data-reaction]")).ToHaveTextAsync("❤️");
        await Chromium.SaveScreenshotAsync(agent, "reaction");
        await agent.Keyboard.PressAsync("Enter");
        await message.Locator("[data-react='']").ClickAsync();
        await Expect(message.Locator("[data-reaction]")).ToHaveCountAsync(0);
        await Expect(device.Locator("[data-bubble] [data-reaction]")).ToHaveCountAsync(0);

        var contact = await chromium.OpenAsync();
        await Chromium.SignInAsync(contact, app);
        await contact.GotoAsync(new Uri(app.BaseAddress, "contacts").ToString());
        await contact.Locator("[data-contact]").First.ClickAsync();
        await contact.GetByLabel("Name", new() { Exact = true }).FillAsync("Peter from the market");
        await contact.Locator("[data-rename]").ClickAsync();
        await Expect(agent.Locator("[data-header] h1")).ToHaveTextAsync("Peter from the market");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));

        await contact.Locator("[data-dialog-open=erase-contact]").ClickAsync();
        await Chromium.SaveScreenshotAsync(contact, "erase");
        await contact.Locator("[data-erase]").ClickAsync();
        await contact.WaitForURLAsync("**/contacts");
        await agent.WaitForURLAsync("**/inbox");
        await Expect(agent.Locator("[data-row]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_api_reference_works_under_the_content_security_policy()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        var reader = await chromium.OpenAsync();

        await reader.GotoAsync(new Uri(app.BaseAddress, "api/docs").ToString());

        await Expect(reader.GetByText("outside_messaging_window").First).ToBeVisibleAsync();
        await Expect(reader.GetByRole(AriaRole.Link, new() { Name = "Sending" }).First).ToBeVisibleAsync();
        await Chromium.SaveScreenshotAsync(reader, "api-reference");
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }
}
