using MetaMessaging.MetaSimulator;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The simulator's own page, which the other tests write from.</summary>
public sealed class PhoneTests
{
    [Fact]
    public async Task A_phone_takes_no_message_before_it_knows_whose_it_is()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var phone = await chromium.OpenAsync();
        var known = new TaskCompletionSource();
        await phone.RouteAsync("**/sim/customers", async route =>
        {
            await known.Task;
            await route.ContinueAsync();
        });

        await phone.GotoAsync(new Uri(meta.BaseAddress, "phone").ToString());

        var compose = phone.Locator("[data-phone=messenger] [data-compose]");
        await Expect(compose).ToBeDisabledAsync();
        known.SetResult();
        await Expect(compose).ToBeEnabledAsync();
    }
}
