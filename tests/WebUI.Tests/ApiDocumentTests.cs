using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>The OpenAPI document describes the body, the answers and the problems of every route.</summary>
public sealed partial class ApiDocumentTests(AppFixture fixture) : IAsyncLifetime
{
    private JsonNode document = null!;

    public async ValueTask InitializeAsync() => document = (await fixture.App.Anonymous().GetAsync("openapi/v1.json")).Json;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_route_has_a_summary_and_examples_of_what_it_takes_and_answers()
    {
        var missing = new List<string>();
        foreach (var (name, operation) in Operations())
        {
            if (string.IsNullOrWhiteSpace((string?)operation["summary"])) missing.Add($"{name}: summary");
            if (operation["requestBody"]?["content"]?["application/json"] is { } body && body["example"] is null)
                missing.Add($"{name}: example of the body");
            foreach (var (status, answer) in operation["responses"]!.AsObject().Where(r => r.Key[0] is '2'))
            {
                if (answer!["content"]?["application/json"] is { } json && json["example"] is null)
                    missing.Add($"{name}: example of {status}");
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_problem_a_route_names_has_an_example_with_its_status_and_code()
    {
        foreach (var (name, operation) in Operations())
        {
            var problems = operation["responses"]!.AsObject().Where(r => r.Key[0] is '4' or '5').ToList();
            Assert.True(problems.Count > 0, name);
            foreach (var (status, answer) in problems)
            {
                var examples = answer!["content"]!["application/problem+json"]!["examples"]!.AsObject();
                Assert.All(
                    examples, e => Assert.Equal((e.Key, status), ((string)e.Value!["value"]!["code"]!, $"{e.Value["value"]!["status"]}")));
            }
        }
    }

    [Fact]
    public void Every_code_that_a_slice_throws_is_documented_at_its_route()
    {
        var (missing, routes) = (new List<string>(), 0);
        var endpoints = Repository.PathOf("src", "WebUI", "Api");
        foreach (var endpoint in Directory.EnumerateFiles(endpoints, "*Endpoint.cs", SearchOption.AllDirectories))
        {
            if (Route().Match(File.ReadAllText(endpoint)) is not { Success: true } route) continue;
            var folder = Directory.EnumerateDirectories(
                Repository.PathOf("src", "Application"),
                Path.GetFileNameWithoutExtension(endpoint)[..^"Endpoint".Length],
                SearchOption.AllDirectories).FirstOrDefault();
            var path = Constraint().Replace(route.Groups["path"].Value, "}");
            if (folder is null || document["paths"]![path]?[route.Groups["method"].Value.ToLowerInvariant()] is not { } operation) continue;

            routes++;
            var documented = operation["responses"]!.AsObject()
                .SelectMany(response => CodesOfResponse(response.Value!).Select(code => $"{response.Key} {code}"));
            missing.AddRange(
                Directory.EnumerateFiles(folder, "*.cs")
                    .SelectMany(file => Code().Matches(File.ReadAllText(file)))
                    .Select(thrown => $"{StatusOf(thrown.Groups["kind"].Value)} {thrown.Groups["code"].Value}")
                    .Except(documented)
                    .Select(code => $"{path}: {code}"));
        }

        Assert.Equal(Operations().Count(), routes);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_operation_is_named_for_its_slice_and_times_and_names_are_texts()
    {
        var names = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .Select(operation => (string?)operation.Value!["operationId"]).ToList();
        var schemas = document["components"]!["schemas"]!;
        var message = schemas["MessageModel"]!["properties"]!;

        Assert.Contains("sendMessage", names);
        Assert.Contains("receiveWebhook", names);
        Assert.Equal(names.Count, names.OfType<string>().Distinct().Count());
        Assert.Equal("""{"type":"string","format":"date-time"}""", message["occurredAt"]!.ToJsonString());
        Assert.Equal("""{"type":["null","string"],"format":"date-time"}""", message["readAt"]!.ToJsonString());
        Assert.Equal("""{"enum":["humanAgent"],"type":"string"}""", schemas["MessageTag"]!.ToJsonString());
    }

    [Fact]
    public void What_handlers_read_by_themselves_is_documented()
    {
        var webhook = document["paths"]!["/integrations/meta-messaging/webhook"]!;
        var send = document["paths"]!["/api/messaging/send"]!["post"]!;

        Assert.Equal(["hub.mode", "hub.verify_token", "hub.challenge"], ParametersOf(webhook["get"]!));
        Assert.Equal(["X-Hub-Signature-256"], ParametersOf(webhook["post"]!));
        Assert.NotNull(webhook["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!["entry"]);
        Assert.Equal(["Idempotency-Key", "Prefer"], ParametersOf(send));
    }

    [Fact]
    public void Every_operation_says_that_unknown_parameters_are_refused_and_that_the_storage_may_be_unavailable()
    {
        Assert.All(Operations(), o => Assert.Contains("storage_unavailable", CodesOf(o.Operation)));
        Assert.All(
            Operations().Where(o => o.Name.Contains(" /api/", StringComparison.Ordinal)),
            o => Assert.Contains("validation_failed", CodesOf(o.Operation)));
    }

    [Fact]
    public void Optional_members_of_a_send_are_not_required()
    {
        var send = document["components"]!["schemas"]!["SendMessage"]!.AsObject();

        Assert.False(send.ContainsKey("required"), $"{send["required"]}");
    }

    [Fact]
    public void Every_code_that_is_thrown_is_in_the_list_of_problems()
    {
        var about = (string)document["info"]!["description"]!;
        var thrown = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => CodesIn(File.ReadAllText(file)))
            .Distinct()
            .ToList();

        Assert.True(thrown.Count > 30);
        Assert.All(thrown, code => Assert.Contains($"`{code}`", about, StringComparison.Ordinal));
    }

    [Fact]
    public void The_codes_that_the_contract_names_are_documented_at_their_routes()
    {
        var expected = new Dictionary<string, string[]>
        {
            ["post /api/messaging/send"] =
            [
                "channel_not_connected", "connection_expired", "idempotency_key_reused", "recipient_unknown", "outside_messaging_window",
                "human_agent_required",
                "text_too_long", "no_content", "conversation_not_found", "too_many_requests", "unauthenticated", "forbidden",
            ],
            ["get /api/integrations/meta/oauth-url"] = ["meta_not_configured"],
            ["get /integrations/meta-messaging/webhook"] = ["validation_failed", "verify_token_mismatch"],
        };

        foreach (var (name, operation) in Operations().Where(o => expected.ContainsKey(o.Name)))
            Assert.Empty(expected[name].Except(CodesOf(operation)));
        Assert.Equal(expected.Keys.Order(), Operations().Select(o => o.Name).Where(expected.ContainsKey).Order());
    }

    private IEnumerable<(string Name, JsonNode Operation)> Operations() => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key} {path.Key}", operation.Value!)));

    private static IEnumerable<string> ParametersOf(JsonNode operation) =>
        operation["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!);

    private static List<string> CodesOf(JsonNode operation) =>
        [.. operation["responses"]!.AsObject().SelectMany(response => CodesOfResponse(response.Value!))];

    private static IEnumerable<string> CodesOfResponse(JsonNode response) =>
        response["content"]?["application/problem+json"]?["examples"]?.AsObject().Select(example => example.Key) ?? [];

    private static int StatusOf(string exception) => exception switch
    {
        "NotFound" => 404,
        "Conflict" => 409,
        "Gone" => 410,
        "AccessDenied" => 403,
        "Unavailable" => 503,
        _ => 422,
    };

    private static IEnumerable<string> CodesIn(string source) => Code().Matches(source).Select(m => m.Groups["code"].Value);

    [GeneratedRegex(
        """\b(?<kind>NotFound|Domain|Conflict|Gone|AccessDenied|Unavailable)Exception(\s\w+\([^)]*\)\s*=>\s*new)?\(\s*"(?<code>[a-z_]+)"|"""
        + """\bProblem\(\s*\d+,\s*"(?<code>[a-z_]+)""")]
    private static partial Regex Code();

    [GeneratedRegex("""\.Map(?<method>Get|Post|Put|Patch|Delete)\("(?<path>/[^"]+)""")]
    private static partial Regex Route();

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
