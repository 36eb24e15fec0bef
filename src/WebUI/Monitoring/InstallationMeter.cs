using System.Diagnostics.Metrics;
using System.Text.Json;
using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Monitoring;

/// <summary>Figures of the installation, read like those of <see cref="WebhookMeter"/>.</summary>
internal sealed class InstallationMeter : IFigureMeter
{
    public const string Name = "MetaMessaging.Installation";

    private volatile InstallationFigures? figures;

    public InstallationMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "metamessaging.ready", () => Measure(f => f.IsReady ? 1 : 0),
            description: "1 while the database and the media can be written and no key is missing");
        meter.CreateObservableGauge(
            "metamessaging.disk.free", () => Measure(f => f.FreeBytes), "By", "What is left on the disk of SQLite's file");
        meter.CreateObservableGauge(
            "metamessaging.jobs.failed", () => Measure(f => f.FailedJobs),
            description: "Failed jobs that nobody has started again or deleted");
        meter.CreateObservableGauge("metamessaging.connections", CountConnections, description: "Connected Pages by state");
    }

    public async Task ReadAsync(IMediator mediator, CancellationToken cancellationToken) =>
        figures = await mediator.Send(new GetInstallationFigures(), cancellationToken);

    private IEnumerable<Measurement<long>> Measure(Func<InstallationFigures, long?> figure) =>
        figures is { } read && figure(read) is { } value ? [new Measurement<long>(value)] : [];

    private IEnumerable<Measurement<int>> CountConnections() => (figures?.Connections ?? new Dictionary<ConnectionState, int>())
        .Select(state => new Measurement<int>(
            state.Value, KeyValuePair.Create<string, object?>("state", JsonNamingPolicy.CamelCase.ConvertName(state.Key.ToString()))));
}
