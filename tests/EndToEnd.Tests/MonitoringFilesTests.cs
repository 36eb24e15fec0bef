using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using YamlDotNet.RepresentationModel;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The alerting rules and the dashboard in build/ ask for metrics and labels that /metrics of a real app has after some
/// traffic.</summary>
public sealed partial class MonitoringFilesTests(MonitoringFilesTests.BusyApp app) : IClassFixture<MonitoringFilesTests.BusyApp>
{
    /// <summary>Added by Prometheus to what it reads.</summary>
    private static readonly string[] TargetLabels = ["job", "instance"];

    private static readonly string[] Words =
        ["by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset", "le"];

    [Fact]
    public void Each_alert_is_complete_and_asks_for_metrics_that_exist()
    {
        var rules = Alerts().ToList();

        Assert.True(rules.Count >= 12);
        Assert.Equal(rules.Count, rules.Select(r => Text(r, "alert")).Distinct().Count());
        Assert.Empty(rules.SelectMany(rule => Problems(Text(rule, "expr")).Select(problem => $"{Text(rule, "alert")}: {problem}")));
        Assert.All(rules, rule =>
        {
            Assert.Contains(Text((YamlMappingNode)rule["labels"], "severity"), new[] { "warning", "critical" });
            Assert.NotEqual("", Text((YamlMappingNode)rule["annotations"], "summary"));
            Assert.NotEqual("", Text((YamlMappingNode)rule["annotations"], "description"));
        });
    }

    [Fact]
    public void The_documentation_names_each_alert()
    {
        var documentation = File.ReadAllText(Repository.PathOf("docs", "operations.md"));

        Assert.All(
            Alerts().Select(rule => Text(rule, "alert")),
            name => Assert.Contains($"`{name}`", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_panel_of_the_dashboard_asks_for_metrics_that_exist()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Repository.PathOf("build", "grafana-dashboard.json")))!;
        var panels = dashboard["panels"]!.AsArray().Select(p => p!).ToList();

        Assert.Equal(panels.Count, panels.Select(p => p["id"]!.GetValue<int>()).Distinct().Count());
        Assert.Empty(panels.Where(p => p["targets"] is not null).SelectMany(p => p["targets"]!.AsArray())
            .SelectMany(target => Problems(target!["expr"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("sum(rate(no_such_metric_total[5m]))", "no_such_metric_total is not in /metrics")]
    [InlineData("max by (call) (metamessaging_ready) == 0", "call is no label of metamessaging_ready")]
    [InlineData("metamessaging_webhook_deliveries{state=\"lost\"}", "metamessaging_webhook_deliveries has no state lost")]
    [InlineData("metamessaging_webhook_deliveries{status=\"failed\"} > 1", "status is no label of metamessaging_webhook_deliveries")]
    public void What_does_not_exist_is_found(string expression, string problem) => Assert.Equal([problem], Problems(expression));

    private static IEnumerable<YamlMappingNode> Alerts()
    {
        using var reader = new StreamReader(Repository.PathOf("build", "prometheus-alerts.yaml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"])
            .SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>();
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value ?? "";

    /// <summary>Reads of the expression its metrics, their matchers and the labels that it groups by; not how they are combined.</summary>
    private IEnumerable<string> Problems(string expression)
    {
        var metrics = new List<string>();
        var bare = Grouping().Replace(Range().Replace(expression, ""), "");
        foreach (Match found in Selector().Matches(bare))
        {
            var (name, matchers) = (found.Groups["name"].Value, found.Groups["matchers"].Value);
            if (Words.Contains(name)) continue;
            if (name == "up") continue;
            if (!app.Series.Any(s => s.Name == name))
            {
                yield return $"{name} is not in /metrics";
                continue;
            }

            metrics.Add(name);
            foreach (Match matcher in Matcher().Matches(matchers))
            {
                var (label, value) = (matcher.Groups["label"].Value, matcher.Groups["value"].Value);
                if (TargetLabels.Contains(label)) continue;
                var values = app.Series.Where(s => s.Name == name && s.Labels.ContainsKey(label)).Select(s => s.Labels[label]).ToList();
                if (values.Count == 0) yield return $"{label} is no label of {name}";
                else if (matcher.Groups["operator"].Value == "=" && !values.Contains(value)) yield return $"{name} has no {label} {value}";
            }
        }

        var groupedBy = Grouping().Matches(expression).SelectMany(g => g.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries));
        foreach (var label in groupedBy)
        {
            if (TargetLabels.Contains(label) || app.Series.Any(s => metrics.Contains(s.Name) && s.Labels.ContainsKey(label))) continue;
            yield return $"{label} is no label of {string.Join(", ", metrics)}";
        }
    }

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    /// <summary>A name that no parenthesis follows, which would make it a function.</summary>
    [GeneratedRegex("""(?<![\w"./$~-])(?<name>[a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*""(?<value>[^""]*)""")]
    private static partial Regex Matcher();

    /// <summary>A line of /metrics, without its number.</summary>
    internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels);

    /// <summary>An app that has received, refused, sent and been refused.</summary>
    public sealed partial class BusyApp : IAsyncLifetime
    {
        private const string Peter = "7654321098765432";

        internal IReadOnlyList<Series> Series { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            await using var meta = await Simulator.StartAsync();
            await using var app = await AppProcess.StartAsync(meta);
            await app.ConnectPageAsync();
            await meta.Control.WriteAsync(Peter, "Hello?");
            var conversationId = await app.ConversationOfAsync("facebookMessenger");
            using (var forged = await app.Http.PostAsync(app.Webhook, new ByteArrayContent([1]))) { }

            await SendAsync(app, conversationId, "Hello");
            await meta.Control.PlanFaultAsync(new { operation = "send", code = 100, times = 1 });
            await SendAsync(app, conversationId, "Refused");

            var answer = "";
            string[] last = ["metamessaging_graph_calls_total", "http_response_status_code=\"403\"", "outcome=\"accepted\""];
            await Until.True(
                async () =>
                {
                    answer = await app.Http.GetStringAsync("metrics");
                    return last.All(part => answer.Contains(part, StringComparison.Ordinal));
                },
                TimeSpan.FromSeconds(30), () => answer);
            Series = [.. answer.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Read)];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static async Task SendAsync(AppProcess app, long conversationId, string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/messaging/send")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { conversationId, text }), Headers = { { "Prefer", "wait=10" } },
            };
            using var answer = await app.Http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        private static Series Read(string line)
        {
            var name = MetricName().Match(line).Value;
            return new Series(name, Label().Matches(line[name.Length..]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value));
        }

        [GeneratedRegex(@"^[\w:]+")]
        private static partial Regex MetricName();

        [GeneratedRegex(@"(\w+)=""((?:[^""\\]|\\.)*)""")]
        private static partial Regex Label();
    }
}
