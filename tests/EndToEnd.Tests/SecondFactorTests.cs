using Deque.AxeCore.Playwright;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using OtpNet;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>A second factor as people use it: an authenticator app, and Chromium's virtual authenticator as a passkey.</summary>
[Requires(Requirement.Chromium)]
public sealed class SecondFactorTests
{
    [Fact]
    public async Task A_code_and_a_passkey_confirm_a_sign_in_and_a_passkey_signs_in_alone()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        var person = await chromium.OpenAsync();
        await Chromium.SignInAsync(person, app);
        await GoToAsync("settings/security");
        await AssertAccessibleAsync(person);

        await person.Locator("[data-start-two-factor]").ClickAsync();
        await Expect(person.Locator("#shared-key")).ToBeVisibleAsync();
        await AssertAccessibleAsync(person);
        var key = Base32Encoding.ToBytes(await person.Locator("#shared-key").InputValueAsync());
        await person.GetByLabel("Code").FillAsync(new Totp(key).ComputeTotp());
        await person.Locator("[data-confirm-two-factor]").ClickAsync();
        await Expect(person.Locator(".recovery-codes code").First).ToBeVisibleAsync();
        await AssertAccessibleAsync(person);
        var recoveryCode = await person.Locator(".recovery-codes code").First.InnerTextAsync();

        await SignOutAndGiveThePasswordAsync();
        await AssertAccessibleAsync(person);
        await person.GetByLabel("Code").FillAsync(recoveryCode);
        await person.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ExpectInboxAsync();

        var browser = await person.Context.NewCDPSessionAsync(person);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await GoToAsync("settings/security");
        await person.GetByLabel("Name of the new passkey").FillAsync("My laptop");
        await person.Locator("[data-add-passkey]").ClickAsync();
        await Expect(person.Locator("[data-passkeys] strong")).ToHaveTextAsync("My laptop");
        await Expect(person.Locator("[data-recovery-codes]")).ToHaveAttributeAsync("data-recovery-codes", "9");
        await person.Locator("[data-dialog-open=renew-codes]").ClickAsync();
        await AssertAccessibleAsync(person);
        await person.Locator("[data-renew-codes]").ClickAsync();
        await Expect(person.GetByRole(AriaRole.Heading, new() { Name = "Your new recovery codes" })).ToBeVisibleAsync();
        await person.Locator("[data-codes-kept]").ClickAsync();
        await Expect(person.Locator("[data-recovery-codes]")).ToHaveAttributeAsync("data-recovery-codes", "10");

        await SignOutAndGiveThePasswordAsync();
        await person.Locator("[data-passkey-sign-in]").ClickAsync();
        await ExpectInboxAsync();
        await person.GotoAsync("about:blank");   // the inbox would reload itself when its session is gone
        await person.Context.ClearCookiesAsync();
        await GoToAsync("account/login");
        await person.Locator("[data-passkey-sign-in]").ClickAsync();
        await ExpectInboxAsync();

        await GoToAsync("settings/security");
        await person.Locator("[data-passkeys] [data-dialog-open]").ClickAsync();
        await person.Locator("[data-remove-passkey]").ClickAsync();
        await Expect(person.Locator("[data-passkeys]")).ToHaveCountAsync(0);
        await person.Locator("[data-end-sessions]").ClickAsync();
        await Expect(person.Locator("[data-session]")).ToHaveCountAsync(1);
        await GoToAsync("settings/profile");
        await AssertAccessibleAsync(person);
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));

        Task<IResponse?> GoToAsync(string path) =>
            person.GotoAsync(new Uri(app.BaseAddress, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });

        Task ExpectInboxAsync() => Expect(person).ToHaveURLAsync(new Uri(app.BaseAddress, "inbox").ToString());

        async Task SignOutAndGiveThePasswordAsync()
        {
            await person.GotoAsync("about:blank");   // the inbox would reload itself when its session is gone
            await person.Context.ClearCookiesAsync();
            await GoToAsync("account/login");
            await person.GetByLabel("E-mail address").FillAsync(AppProcess.AdminEmail);
            await person.GetByLabel("Password", new() { Exact = true }).FillAsync(AppProcess.AdminPassword);
            await person.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Expect(person.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Confirm the sign-in");
        }
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.Equal("", string.Join('\n', result.Violations.Select(v => $"{v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }
}
