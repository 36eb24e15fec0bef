using Microsoft.Playwright;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The installed Chromium, headless. Where there is none, the test is skipped and says so; in CI it fails.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private static readonly string[] Quiet =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly List<string> complaints = [];

    // A machine that builds and tests at once is slow, not wrong.
    static Chromium() => Assertions.SetDefaultExpectTimeout(20_000);

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>What pages wrote to their consoles as errors: broken scripts, missing files, violations of the content policy.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public static async Task<Chromium> StartAsync()
    {
        var executable = Array.Find(Places, File.Exists);
        if (executable is null && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip("No Chromium is installed.");
        Assert.True(executable is not null, "CI needs a Chromium.");

        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Quiet }));
    }

    /// <summary>A browser of its own: cookies, storage, one tab.</summary>
    /// <param name="state">What another one has stored: it is signed in as that one is.</param>
    public async Task<IPage> OpenAsync(int width = 1440, int height = 900, ColorScheme colors = ColorScheme.Light, string? state = null)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = state,
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error") complaints.Add($"{page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
        return page;
    }

    public static async Task SignInAsync(IPage page, AppProcess app)
    {
        await page.GotoAsync(app.BaseAddress.ToString());
        await page.GetByLabel("E-mail address").FillAsync(AppProcess.AdminEmail);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(AppProcess.AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.BaseAddress, "inbox").ToString());   // whoever looks for something on it waits for that
    }

    /// <summary>Kept beside the tests, and with their results.</summary>
    public static async Task KeepScreenshotAsync(IPage page, string name)
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
