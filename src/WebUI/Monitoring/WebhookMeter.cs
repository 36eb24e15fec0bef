using System.Diagnostics.Metrics;
using MediatR;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.WebUI.Monitoring;

/// <summary>
/// The way in as Prometheus sees it. Read from the database when somebody asks, so an idle app stays idle; every node answers the
/// same, so dashboards take the maximum of them and not the sum.
/// </summary>
internal sealed class WebhookMeter
{
    public const string Name = "MetaMessaging.Webhooks";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly TimeProvider clock;
    private volatile Figures? known;

    public WebhookMeter(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create(Name);
        meter.CreateObservableGauge("metamessaging.webhook.backlog", () => One(f => f.Summary.Backlog), description: "Deliveries that wait to be processed");
        meter.CreateObservableGauge("metamessaging.webhook.lag", () => One(f => f.Summary.LagSeconds), "s", "Age of the oldest delivery that was never processed");
        meter.CreateObservableGauge("metamessaging.webhook.latency", Latency, "s", "From webhook to visible over the last hour");
        meter.CreateObservableGauge("metamessaging.webhook.deliveries", ByState, description: "Stored deliveries by state");
        meter.CreateObservableGauge(
            "metamessaging.webhook.signatures.refused.day", () => One(f => f.Summary.RefusedSignatures.Last24Hours), description: "Deliveries of the last 24 hours that were refused, on all nodes");
    }

    public async Task ReadAsync(IMediator mediator, CancellationToken cancellationToken)
    {
        if (known is { } figures && clock.GetElapsedTime(figures.ReadAt) < Fresh) return;
        var readAt = clock.GetTimestamp();
        known = new Figures(
            readAt, await mediator.Send(new GetWebhookSummary(), cancellationToken), await mediator.Send(new CountDeliveries(), cancellationToken));
    }

    private IEnumerable<Measurement<double>> One(Func<Figures, double> figure) => known is { } figures ? [new Measurement<double>(figure(figures))] : [];

    private IEnumerable<Measurement<double>> Latency()
    {
        if (known?.Summary.Latency is { P50Milliseconds: { } p50, P99Milliseconds: { } p99 })
            return [new Measurement<double>(p50 / 1000, KeyValuePair.Create<string, object?>("quantile", "0.5")), new Measurement<double>(p99 / 1000, KeyValuePair.Create<string, object?>("quantile", "0.99"))];
        return [];
    }

    private IEnumerable<Measurement<int>> ByState() => known is { } figures
        ? figures.ByState.Select(state => new Measurement<int>(state.Value, KeyValuePair.Create<string, object?>("state", state.Key.ToString().ToLowerInvariant())))
        : [];

    private sealed record Figures(long ReadAt, WebhookSummary Summary, IReadOnlyDictionary<WebhookDeliveryState, int> ByState);
}
