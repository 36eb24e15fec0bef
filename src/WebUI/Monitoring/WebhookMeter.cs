using System.Diagnostics.Metrics;
using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Monitoring;

/// <summary>Figures about webhook deliveries. Every node reports those of the whole installation: dashboards take their maximum, not their
/// sum.</summary>
internal sealed class WebhookMeter : IFigureMeter
{
    public const string Name = "MetaMessaging.Webhooks";

    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(2);

    private readonly TimeProvider clock;
    private volatile Figures? cached;

    public WebhookMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "metamessaging.webhook.backlog", () => Measure(figures => figures.Summary.Backlog),
            description: "Deliveries that wait to be processed");
        meter.CreateObservableGauge(
            "metamessaging.webhook.lag", () => Measure(figures => figures.Summary.LagSeconds), "s",
            "Age of the oldest delivery that was never processed");
        meter.CreateObservableGauge("metamessaging.webhook.latency", MeasureLatency, "s", "From webhook to visible over the last hour");
        meter.CreateObservableGauge("metamessaging.webhook.deliveries", CountByState, description: "Stored deliveries by state");
        meter.CreateObservableGauge(
            "metamessaging.webhook.signatures.refused.day", () => Measure(figures => figures.Summary.RefusedSignatures.Last24Hours),
            description: "Deliveries of the last 24 hours that were refused, on all nodes");
    }

    public async Task ReadAsync(IMediator mediator, CancellationToken cancellationToken)
    {
        if (cached is { } figures && clock.GetElapsedTime(figures.ReadAt) < CacheLifetime) return;
        cached = new Figures(
            clock.GetTimestamp(), await mediator.Send(new GetWebhookSummary(), cancellationToken),
            await mediator.Send(new CountDeliveries(), cancellationToken));
    }

    private IEnumerable<Measurement<double>> Measure(Func<Figures, double> figure) =>
        cached is { } figures ? [new Measurement<double>(figure(figures))] : [];

    private IEnumerable<Measurement<double>> MeasureLatency() =>
        cached?.Summary.Latency is { P50Milliseconds: { } p50, P99Milliseconds: { } p99 }
            ? [Quantile("0.5", p50), Quantile("0.99", p99)]
            : [];

    private static Measurement<double> Quantile(string quantile, double milliseconds) =>
        new(milliseconds / 1000, KeyValuePair.Create<string, object?>("quantile", quantile));

    private IEnumerable<Measurement<int>> CountByState() =>
        (cached?.ByState ?? new Dictionary<WebhookDeliveryState, int>()).Select(state =>
            new Measurement<int>(state.Value, KeyValuePair.Create<string, object?>("state", state.Key.ToString().ToLowerInvariant())));

    private sealed record Figures(long ReadAt, WebhookSummary Summary, IReadOnlyDictionary<WebhookDeliveryState, int> ByState);
}
