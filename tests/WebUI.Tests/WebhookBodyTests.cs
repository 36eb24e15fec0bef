using System.Text;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Signed deliveries with an unusual body.</summary>
public sealed class WebhookBodyTests(AppFixture fixture)
{
    private const string Secret = SimulatorOptions.DefaultAppSecret;

    private readonly ApiClient meta = fixture.App.Anonymous();

    public static TheoryData<string> NotJson =>
    [
        "", "no json", "null", "42", "\"text\"", "true", "[]", "[1,2]", "{", "{}x", "\ufeffx",
        "{\"object\":\"page\",\"entry\":", "\0\0\0",
    ];

    [Theory]
    [MemberData(nameof(NotJson))]
    public async Task A_signed_body_that_is_not_json_is_stored_and_shown_to_ops(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var answer = await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret));

        Assert.Equal(200, answer.Status);
        var delivery = await UntilProcessedAsync(bytes);
        Assert.True(delivery.State is WebhookDeliveryState.Failed || body == "[]", $"{delivery.State}");
        Assert.False(string.IsNullOrEmpty(delivery.Error));
    }

    public static TheoryData<string> WrongTypes =>
    [
        """{"object":1,"entry":{}}""",
        """{"object":"page","entry":"x"}""",
        """{"object":"page","entry":[1,null,"x",[],{}]}""",
        """{"object":"page","entry":[{"id":{},"messaging":[1,null,[],{"sender":1,"recipient":[],"message":"text"}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":[{"sender":{"id":{}},"recipient":{"id":true},"timestamp":"""
        + """{},"message":{"mid":[],"text":{},"attachments":{}}}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","time":"x","messaging":[{"sender":{"id":"1"},"recipient":"""
        + """{"id":"109876543210987"},"timestamp":99999999999999999999,"message":"""
        + """{"mid":"m_wrong1","attachments":[1,null,"x",{"type":7,"payload":[]}]}}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":["""
        + """{"sender":{"id":"1"},"recipient":{"id":"109876543210987"},"read":{"watermark":"never"}},"""
        + """{"sender":{"id":"1"},"recipient":{"id":"109876543210987"},"delivery":{"mids":"m_1"}}]}]}""",
        """{"object":"page","object":"instagram","entry":[{"id":"109876543210987","changes":[{"field":{},"value":7}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":[{"sender":{"id":"\ud800"},"recipient":"""
        + """{"id":"109876543210987"},"message":{"mid":"m_\udc00","text":"\ud83d"}}]}]}""",
    ];

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task Json_of_unexpected_types_causes_no_null_reference(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        var delivery = await UntilProcessedAsync(bytes);
        Assert.DoesNotContain("Object reference", delivery.Error ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_json_is_signed_like_the_rest_and_skipped()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. """{"object":"page","entry":[]}"""u8];

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        Assert.Equal(WebhookDeliveryState.Ignored, (await UntilProcessedAsync(bytes)).State);
    }

    [Fact]
    public async Task Json_that_is_nested_too_deep_is_one_failed_delivery()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", 50_000)));

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        Assert.Equal(WebhookDeliveryState.Failed, (await UntilProcessedAsync(bytes)).State);
    }

    [Fact]
    public async Task A_thousand_events_are_one_delivery()
    {
        var bytes = Payload.Event("404", 1760000000000, [.. Enumerable.Range(0, 1000).Select(i =>
            $$$"""{"sender":{"id":"{{{i}}}"},"recipient":{"id":"404"},"timestamp":1760000000000,"message":"""
            + $$$"""{"mid":"m_k{{{i}}}","text":"x"}}""")]);

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        Assert.Equal(1000, (await UntilProcessedAsync(bytes)).EventCount);
    }

    private Task<WebhookDelivery> UntilProcessedAsync(byte[] body) => Until.Found(
        () => fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.AsNoTracking().FirstAsync(d => d.Payload == body)),
        d => d.State is not WebhookDeliveryState.Pending, "the delivery is processed");
}
