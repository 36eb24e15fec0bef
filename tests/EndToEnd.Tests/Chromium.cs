using MetaMessaging.Testing;
using Microsoft.Playwright;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The installed Chromium, headless.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly List<string> consoleErrors = [];

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Errors on the pages' consoles: broken scripts, missing files, violations of the content security policy.</summary>
    public IReadOnlyList<string> ConsoleErrors => consoleErrors;

    public static async Task<Chromium> StartAsync()
    {
        Assert.True(Requirements.ChromiumPath is not null, "Chromium is not installed.");

        var playwright = await Playwright.CreateAsync();
        return new Chromium(
            playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Requirements.ChromiumPath, Args = Arguments }));
    }

    /// <summary>A new browser context: its own cookies and storage, one tab.</summary>
    /// <param name="state">The stored state of another context, which is then signed in here, too.</param>
    public async Task<IPage> OpenAsync(int width = 1440, int height = 900, ColorScheme colors = ColorScheme.Light, string? state = null)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = state,
        });
        var milliseconds = (float)(TimeLimit * Deadline.Slowdown).TotalMilliseconds;
        context.SetDefaultTimeout(milliseconds);
        Assertions.SetDefaultExpectTimeout(milliseconds);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error") consoleErrors.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => consoleErrors.Add($"{page.Url}: {error}");
        return page;
    }

    public static async Task SignInAsync(IPage page, AppProcess app)
    {
        await page.GotoAsync(app.BaseAddress.ToString());
        await page.GetByLabel("E-mail address").FillAsync(AppProcess.AdminEmail);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(AppProcess.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.BaseAddress, "inbox").ToString());
    }

    /// <summary>Saves a screenshot beside the tests and attaches it to their results.</summary>
    public static async Task SaveScreenshotAsync(IPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
        var picture = await page.ScreenshotAsync(new() { Path = Path.Combine(folder.FullName, $"{name}.png") });
        TestContext.Current.AddAttachment($"{name}.png", picture, "image/png");
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
