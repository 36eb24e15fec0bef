using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What OpenTelemetry:Endpoint receives. Texts in protobuf are plain UTF-8, so they can be looked for.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_and_metrics_go_to_the_endpoint_and_carry_no_secret()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await App.StartAsync(settings: new Dictionary<string, string?>
        {
            ["OpenTelemetry:Endpoint"] = collector.Address.ToString(),
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });
        // Without a propagator the client of the test, which is in the same process, is not traced itself.
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = app.Address };

        using var invitation = await http.GetAsync("invitations/token-in-the-path", TestContext.Current.CancellationToken);
        using var verification = await http.GetAsync(
            "integrations/meta-messaging/webhook?hub.mode=subscribe&hub.verify_token=token-in-the-query&hub.challenge=1",
            TestContext.Current.CancellationToken);

        await collector.ReceivesAsync("/v1/traces", "/invitations/{token}");
        await collector.ReceivesAsync("/v1/traces", "VerifyWebhook");
        await collector.ReceivesAsync("/v1/metrics", "metamessaging.webhook.backlog");
        Assert.DoesNotContain("token-in-the-", collector.Everything, StringComparison.Ordinal);
    }

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> received = [];

        public Uri Address => new(app.Urls.Single());

        public string Everything => string.Join('\n', received.Select(r => r.Body));

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var collector = new Collector(builder.Build());
            await collector.ListenAsync();
            return collector;
        }

        public Task ReceivesAsync(string path, string text) => Until.True(
            () => Task.FromResult(received.Any(r => r.Path == path && r.Body.Contains(text, StringComparison.Ordinal))),
            TimeSpan.FromSeconds(20), () => $"{path} received no {text}: {Everything}");

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task ListenAsync()
        {
            app.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                received.Enqueue((http.Request.Path, Encoding.UTF8.GetString(body.ToArray())));
                http.Response.StatusCode = StatusCodes.Status200OK;
            });
            return app.StartAsync();
        }
    }
}
