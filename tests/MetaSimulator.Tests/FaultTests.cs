namespace MetaMessaging.MetaSimulator.Tests;

public sealed class FaultTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    [Fact]
    public async Task A_planned_error_is_returned_as_often_as_planned()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.PlanFaultAsync(new { operation = "send", code = 613, times = 2 });

        Assert.Equal(613, (await SendAsync(Peter, "one")).Code);
        Assert.Equal(613, (await SendAsync(Peter, "two")).Code);
        Assert.Equal(200, (await SendAsync(Peter, "three")).Status);
        Assert.Equal("three", Assert.Single(await Control.GetAcceptedAsync()).Text);
    }

    [Fact]
    public async Task A_fault_after_acceptance_returns_an_error_for_an_accepted_message()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.PlanFaultAsync(new { operation = "send", code = 1, subcode = 1357046, when = "after" });
        var answer = await SendAsync(Peter, "sent all the same");
        await Control.WaitUntilIdleAsync();

        Assert.Equal((500, 1357046), (answer.Status, answer.Subcode));
        Assert.Single(await Control.GetAcceptedAsync());
        Assert.Contains(App.Events, webhookEvent => webhookEvent["message"]?["is_echo"] is not null);
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task A_connection_can_be_lost_before_or_after_acceptance(string when, int accepted)
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.PlanFaultAsync(new { operation = "send", when, dropConnection = true });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(Peter, "hello"));
        Assert.Equal(accepted, (await Control.GetAcceptedAsync()).Count);
    }

    [Fact]
    public async Task A_fault_for_one_recipient_does_not_affect_the_others()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.WriteAsync(Ada, "hi");
        await Control.PlanFaultAsync(new { operation = "send", code = 2, recipientId = Ada });

        Assert.Equal(200, (await SendAsync(Peter, "x")).Status);
        Assert.Equal(2, (await SendAsync(Ada, "x")).Code);
    }

    [Fact]
    public async Task A_fault_for_sends_is_not_used_up_by_typing()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.PlanFaultAsync(new { operation = "send", code = 2 });

        Assert.Equal(
            200,
            (await GraphAsync(HttpMethod.Post, "me/messages", new { recipient = new { id = Peter }, sender_action = "typing_on" })).Status);
        Assert.Equal(2, (await SendAsync(Peter, "x")).Code);
    }

    [Fact]
    public async Task A_fault_that_only_delays_changes_nothing_else()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.PlanFaultAsync(new { operation = "send", delayMs = 20 });

        Assert.NotEmpty((await SendAsync(Peter, "x"))["message_id"]);
        Assert.Single(await Control.GetAcceptedAsync());
    }

    [Fact]
    public async Task Calls_are_recorded_without_tokens()
    {
        await GetAsync("me?fields=id");
        await GraphAsync(HttpMethod.Get, $"me?access_token={Token}", token: "", proof: false);
        var calls = await Control.GetCallsAsync();

        Assert.Equal(["header", "query"], calls.TakeLast(2).Select(call => call.TokenIn));
        Assert.Equal([true, false], calls.TakeLast(2).Select(call => call.Proof));
        Assert.DoesNotContain(Token, await Control.Http.GetStringAsync("sim/calls", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_headers_have_the_configured_values()
    {
        await Control.ConfigureAsync(new { usage = new { callCount = 95, estimatedMinutesToRegainAccess = 4 } });
        await Control.WriteAsync(Peter, "hi");
        var answer = await SendAsync(Peter, "x");

        Assert.Contains("\"call_count\":95", answer.Headers.GetValues("X-App-Usage").Single(), StringComparison.Ordinal);
        Assert.Contains(
            "\"estimated_time_to_regain_access\":4",
            answer.Headers.GetValues("X-Business-Use-Case-Usage").Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_and_scripts_are_served_from_the_assembly()
    {
        foreach (var path in new[] { "", "phone", "css/phone.css", "js/phone.js", "samples/cup.jpg", $"media/portraits/{Peter}.png" })
        {
            Assert.Equal(200, (int)(await Control.Http.GetAsync(path, Stop)).StatusCode);
        }
    }
}
