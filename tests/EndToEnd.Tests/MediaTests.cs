using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Files that browsers cannot show, and files that could not be downloaded.</summary>
[Requires(Requirement.Chromium)]
public sealed class MediaTests
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task What_the_browser_cannot_show_is_a_download_and_what_failed_can_be_downloaded_again(int width, ColorScheme colors)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        var customer = await meta.Control.CreateCustomerAsync(new { name = "Amara Okafor", profile = "noProfile" });
        (string Type, string Name, byte[] Content)[] files =
        [
            ("image", "holiday.heic", [0, 0, 0, 24, .. "ftypheic"u8]),
            ("image", "cut-off.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]),
            ("video", "clip.avi", [.. "RIFF"u8, 0, 0, 0, 0, .. "AVI "u8]),
            ("video", "phone.mov", [0, 0, 0, 20, .. "ftypqt  "u8]),
            ("audio", "note.amr", [.. "#!AMR\n"u8]),
        ];
        foreach (var (type, name, content) in files)
        {
            var mediaId = await UploadAsync(meta, name, content);
            await meta.Control.WriteAsync(customer, new { attachments = new[] { new { type, mediaId } } });
        }

        await meta.Control.WaitUntilIdleAsync();
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        var agent = await chromium.OpenAsync(width, 1000, colors);
        await Chromium.SignInAsync(agent, app);
        await agent.GotoAsync(new Uri(app.BaseAddress, $"inbox/{conversation}").ToString());

        foreach (var (_, name, _) in files)
            await Expect(agent.Locator("a[download]:visible").Filter(new() { HasText = name })).ToHaveCountAsync(1);
        await Expect(agent.Locator("[data-media] :is(img, video, audio):visible")).ToHaveCountAsync(0);
        await meta.Control.PlanFaultAsync(new { operation = "media", httpStatus = 200, times = 100 });   // an empty file
        await meta.Control.WriteAsync(customer, new { attachments = new[] { new { type = "image", sample = "cup.jpg" } } });
        var failed = agent.Locator("[data-message]").Filter(new() { Has = agent.Locator("[data-attachment-state=failed]") });
        await Expect(failed).ToContainTextAsync("The file is empty.");
        await Chromium.SaveScreenshotAsync(agent, $"media-{width}");

        await meta.Control.ClearFaultsAsync();
        await failed.Locator("[data-retry-download]").ClickAsync();

        await Expect(agent.Locator("[data-media] img:visible")).ToHaveCountAsync(1);
        await Expect(failed).ToHaveCountAsync(0);
        Assert.Equal("", string.Join('\n', chromium.ConsoleErrors));
    }

    private static async Task<string> UploadAsync(Simulator meta, string name, byte[] content)
    {
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await meta.Control.Http.PostAsync($"sim/media?name={name}", body, TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["mediaId"]!;
    }
}
