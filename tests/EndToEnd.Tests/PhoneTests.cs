using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using static Microsoft.Playwright.Assertions;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The simulator's page that plays the customer's phone.</summary>
[Requires(Requirement.Chromium)]
public sealed class PhoneTests
{
    [Fact]
    public async Task The_phone_accepts_no_message_before_it_has_loaded_its_customer()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var phone = await chromium.OpenAsync();
        var customersLoaded = new TaskCompletionSource();
        await phone.RouteAsync("**/sim/customers", async route =>
        {
            await customersLoaded.Task;
            await route.ContinueAsync();
        });

        await phone.GotoAsync(new Uri(meta.BaseAddress, "phone").ToString());

        var compose = phone.Locator("[data-phone=messenger] [data-compose]");
        await Expect(compose).ToBeDisabledAsync();
        customersLoaded.SetResult();
        await Expect(compose).ToBeEnabledAsync();
    }
}
