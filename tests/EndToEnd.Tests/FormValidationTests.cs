using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The browser checks a form against the rules of its request before it is sent.</summary>
[Requires(Requirement.Chromium)]
public sealed partial class FormValidationTests
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

    [Fact]
    public async Task Each_form_with_text_fields_shows_the_messages_of_its_empty_fields_and_is_not_sent()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartEmptyAsync(meta);
        var admin = await chromium.OpenAsync();
        var sent = new List<string>();
        admin.Request += (_, request) =>
        {
            if (request.IsNavigationRequest && request.Method == "POST") sent.Add(request.Url);
        };

        await ExpectMessagesAsync(admin, app, "setup", "Organization", "Name", "Email", "Password");
        await admin.Locator("[name=Email]").FillAsync("nobody");
        await Expect(admin.Locator("[data-valmsg-for=Email]")).ToHaveTextAsync("'E-mail address' is not a valid email address.");
        Assert.Empty(sent);

        await admin.Locator("[name=Organization]").FillAsync("Blue Cup");
        await admin.Locator("[name=Name]").FillAsync("Nora Berg");
        await admin.Locator("[name=Email]").FillAsync(AppProcess.AdminEmail);
        await admin.Locator("[name=Password]").FillAsync(AppProcess.AdminPassword);
        await admin.Locator("form [type=submit]").ClickAsync();
        await Expect(admin).ToHaveURLAsync(new Uri(app.BaseAddress, "admin/system-config").ToString());
        Assert.Single(sent);

        sent.Clear();
        await ExpectMessagesAsync(
            admin, app, "admin/system-config", "MetaMessagingAppId", "MetaMessagingAppSecret", "MetaMessagingVerifyToken");
        await ExpectMessagesAsync(admin, app, "account/login", "Email", "Password");
        await ExpectMessagesAsync(admin, app, "settings/canned-replies", "Shortcut", "Name", "Text");
        await ExpectMessagesAsync(admin, app, "settings/api-keys", "Name");
        await ExpectMessagesAsync(admin, app, $"contacts/{await ReceiveContactAsync(app)}", "Name");
        Assert.Empty(sent);
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static async Task ExpectMessagesAsync(IPage page, AppProcess app, string path, params string[] fields)
    {
        await page.GotoAsync(new Uri(app.BaseAddress, path).ToString());
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var form = page.Locator($"form:has([data-valmsg-for={fields[0]}])");
        foreach (var field in fields) await form.Locator($"[name={field}]").FillAsync("");
        await form.Locator("[type=submit]").ClickAsync();
        foreach (var field in fields) await Expect(form.Locator($"[data-valmsg-for={field}]")).ToHaveTextAsync(EmptyField());
    }

    /// <returns>The id of a contact that has written to the Page.</returns>
    private static async Task<long> ReceiveContactAsync(AppProcess app)
    {
        await app.SignInAsync();
        await app.ConfigureAsync();
        await app.ConnectPageAsync();
        Assert.True(await Deliveries.TryPostAsync(app.Http, app.Webhook, Deliveries.Of(new SentText("7001", "m_1", "Good morning"))));
        await app.ConversationOfAsync("facebookMessenger");
        return (await app.GetAsync("api/contacts"))["items"]![0]!["id"]!.GetValue<long>();
    }

    [GeneratedRegex("^'.+' must not be empty\\.$")]
    private static partial Regex EmptyField();
}
