using System.Text;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed class WebhookTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    public static TheoryData<string, string> Vectors { get; } = ReadVectors();

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task Signatures_are_those_of_the_golden_vectors(string bodyBase64, string signature)
    {
        await Control.PostRawAsync(Encoding.UTF8.GetString(Convert.FromBase64String(bodyBase64)));

        Assert.Equal(signature, Assert.Single(App.All).Signature);
    }

    [Fact]
    public async Task The_body_is_in_Metas_escaped_form()
    {
        await Control.WriteAsync(Peter, "äöå 😍 <b>& @ % https://example.com/a");
        await Control.WaitUntilIdleAsync();

        var body = Encoding.UTF8.GetString(Assert.Single(App.All).Body);
        Assert.Contains("""\u00e4\u00f6\u00e5 \ud83d\ude0d <b>& @ % https:\/\/example.com\/a""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_fields_of_both_levels_are_delivered()
    {
        await Control.ChangePageAsync(PageId, new { subscribedFields = new[] { "messages" } });
        await Control.WriteAsync(Peter, "hi");
        await SendAsync(Peter, "hello");
        await Control.WaitUntilIdleAsync();

        Assert.Single(App.Events);
        Assert.Equal(2, (int)(await Control.GetDeliveriesAsync())["dropped"]!);
    }

    [Fact]
    public async Task Setting_the_webhook_verifies_the_callback_first()
    {
        var form = new Dictionary<string, string>
        {
            ["object"] = "page", ["callback_url"] = App.Url, ["verify_token"] = App.VerifyToken, ["fields"] = "messages,message_echoes",
        };
        var good = await GraphAsync(
            HttpMethod.Post, $"{SimulatorOptions.DefaultAppId}/subscriptions", new FormUrlEncodedContent(form), AppToken);
        form["verify_token"] = "something else";
        var bad = await GraphAsync(
            HttpMethod.Post, $"{SimulatorOptions.DefaultAppId}/subscriptions", new FormUrlEncodedContent(form), AppToken);

        Assert.True((bool)good.Body["success"]!);
        Assert.Equal(2200, bad.Code);
    }

    [Fact]
    public async Task A_failed_delivery_is_retried_with_the_same_bytes()
    {
        await Control.ConfigureAsync(new { behaviour = new { timeScale = 6000 } });
        App.Answer = earlier => earlier < 5 ? 500 : 200;
        await Control.WriteAsync(Peter, "hi");
        await Control.WaitUntilIdleAsync();

        Assert.Equal(6, App.All.Count);
        Assert.Single(App.All.Select(received => Convert.ToHexString(received.Body)).Distinct());
        Assert.Single(App.All.Select(received => received.Signature).Distinct());
    }

    [Fact]
    public async Task After_an_hour_of_failures_the_page_is_unsubscribed()
    {
        await Control.ConfigureAsync(new { behaviour = new { timeScale = 500_000 } });
        App.Answer = _ => 500;
        await Control.WriteAsync(Peter, "hi");
        await Control.WaitUntilIdleAsync();

        Assert.Empty((await GetAsync($"{PageId}/subscribed_apps")).Body["data"]!.AsArray());
        Assert.Equal("failed", (string)(await Control.GetDeliveriesAsync())["items"]![0]!["status"]!);
    }

    [Fact]
    public async Task One_customers_events_keep_their_order()
    {
        await Control.BurstAsync(200, customers: 4);
        await Control.WaitUntilIdleAsync();

        Assert.Equal(200, App.Events.Count);
        foreach (var thread in App.Events.GroupBy(webhookEvent => (string)webhookEvent["sender"]!["id"]!))
        {
            var times = thread.Select(webhookEvent => (long)webhookEvent["timestamp"]!).ToList();
            Assert.Equal(times.Order(), times);
        }
    }

    [Fact]
    public async Task Events_can_be_duplicated_reversed_dropped_and_batched()
    {
        await Control.ShapeWebhooksAsync(new { copies = 2 });
        await Control.WriteAsync(Peter, "twice");
        await Control.ShapeWebhooksAsync(new { dropNext = 1 });
        await Control.WriteAsync(Peter, "lost");
        await Control.ShapeWebhooksAsync(new { reverseNext = 2 });
        await Control.WriteAsync(Peter, "second");
        await Control.WriteAsync(Peter, "first");
        await Control.ShapeWebhooksAsync(new { batchSize = 2 });
        await Control.WriteAsync(Peter, "packed 1");
        await Control.WriteAsync(Peter, "packed 2");
        await Control.WaitUntilIdleAsync();

        Assert.Equal(
            ["twice", "twice", "first", "second", "packed 1", "packed 2"],
            App.Events.Select(webhookEvent => (string)webhookEvent["message"]!["text"]!));
        Assert.Equal(5, App.All.Count);
    }

    [Fact]
    public async Task The_media_of_an_unsent_message_are_removed()
    {
        var written = await Control.WriteAsync(Ada, new { attachments = new[] { new { type = "image" } } });
        await Control.WaitUntilIdleAsync();
        var url = (string)App.Events[0]["message"]!["attachments"]![0]!["payload"]!["url"]!;
        await Control.UnsendAsync(Ada, written.Mid);
        await Control.WaitUntilIdleAsync();

        Assert.True((bool)App.Events[1]["message"]!["is_deleted"]!);
        Assert.Equal(404, (int)(await Control.Http.GetAsync(url, Stop)).StatusCode);
    }

    [Fact]
    public async Task Two_instances_share_no_state()
    {
        await using var other = await Simulator.StartAsync(cancellationToken: Stop);
        await Control.WriteAsync(Peter, "hi");

        Assert.NotEqual(Meta.BaseAddress, other.BaseAddress);
        Assert.Empty((await other.Control.GetCustomerAsync(Peter))["messages"]!.AsArray());
    }

    private static TheoryData<string, string> ReadVectors()
    {
        using var file = typeof(WebhookTests).Assembly.GetManifestResourceStream("vectors.json")!;
        var data = new TheoryData<string, string>();
        foreach (var vector in JsonNode.Parse(file)!["webhook_signatures"]!.AsArray()) data.Add(
            (string)vector!["body_base64"]!, (string)vector["x_hub_signature_256"]!);
        return data;
    }
}
