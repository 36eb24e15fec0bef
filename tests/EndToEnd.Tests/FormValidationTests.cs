using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The browser checks a form against the rules of its request before it is sent.</summary>
[Requires(Requirement.Chromium)]
public sealed class FormValidationTests
{
    [Fact]
    public async Task A_canned_reply_without_a_name_shows_the_message_beside_the_field_and_sends_no_request()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        var admin = await chromium.OpenAsync();
        await Chromium.SignInAsync(admin, app);
        await admin.GotoAsync(new Uri(app.BaseAddress, "settings/canned-replies").ToString());
        await admin.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var posts = 0;
        admin.Request += (_, request) =>
        {
            if (request.Method == "POST" && request.Url.EndsWith("/settings/canned-replies", StringComparison.Ordinal)) posts++;
        };
        var name = admin.GetByLabel("Name", new() { Exact = true });
        var message = admin.Locator("[data-valmsg-for=Name]");

        await admin.GetByLabel("Shortcut").FillAsync("hours");
        await admin.GetByLabel("Text", new() { Exact = true }).FillAsync("We are open until 18.");
        await admin.Locator("[data-create-canned-reply]").ClickAsync();

        await Expect(message).ToHaveTextAsync("'Name' must not be empty.");
        await Expect(message).ToBeVisibleAsync();
        await Expect(name).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(name).ToBeFocusedAsync();
        Assert.Equal(0, posts);

        await name.FillAsync("Opening hours");
        await admin.Locator("[data-create-canned-reply]").ClickAsync();

        await Expect(admin.Locator("[data-canned-reply]")).ToContainTextAsync("Opening hours");
        Assert.Equal(1, posts);
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }
}
