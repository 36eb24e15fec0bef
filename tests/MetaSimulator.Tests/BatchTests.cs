using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed class BatchTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    [Fact]
    public async Task Each_call_of_a_batch_is_answered_as_if_it_had_come_alone()
    {
        await Control.WriteAsync(Peter, "hi");
        var answers = await BatchAsync(
            new { method = "POST", relative_url = "me/messages", body = Body("hello & goodbye") },
            new { method = "GET", relative_url = $"{Peter}?fields=first_name" },
            new { method = "GET", relative_url = "v24.0/nothing" });

        Assert.Equal([200, 200, 400], answers.Select(answer => (int)answer!["code"]!));
        Assert.Equal("hello & goodbye", Assert.Single(await Control.GetAcceptedAsync()).Text);
        Assert.Equal("Peter", (string)JsonNode.Parse((string)answers[1]!["body"]!)!["first_name"]!);
        Assert.Equal("v24.0", HeaderOf(answers[2]!, "facebook-api-version"));
    }

    [Fact]
    public async Task A_batch_can_be_a_form_without_a_version_and_leave_the_headers_out()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["access_token"] = Token,
            ["appsecret_proof"] = Proof(Token),
            ["include_headers"] = "false",
            ["batch"] = """[{"method":"GET","relative_url":"me?fields=name"}]""",
        });
        using var answer = await Control.Http.PostAsync("/", form, Stop);
        var only = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonArray>(Stop))!)!.AsObject();

        Assert.Equal(["code", "body"], only.Select(member => member.Key));
        Assert.Contains("Blue Cup Coffee", (string)only["body"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_uses_the_answer_of_a_named_one_before_it()
    {
        await Control.WriteAsync(Peter, "hi");
        var answers = await BatchAsync(
            new { method = "POST", relative_url = "me/messages", name = "sent", body = Body("hello") },
            new { method = "GET", relative_url = "{result=sent:$.message_id}?fields=message" });

        Assert.Null(answers[0]);
        Assert.Equal("hello", (string)JsonNode.Parse((string)answers[1]!["body"]!)!["message"]!);
    }

    [Fact]
    public async Task A_batch_has_at_most_fifty_calls_and_needs_a_valid_token()
    {
        var calls = Enumerable.Repeat<object>(new { method = "GET", relative_url = "me" }, 51).ToArray();
        var tooMany = await GraphAsync(HttpMethod.Post, "", new { batch = calls });
        var stranger = await GraphAsync(HttpMethod.Post, "", new { batch = calls[..50] }, token: "EAABnobody");

        Assert.Equal((-1, "GraphBatchException"), (tooMany.Code, (string)tooMany.Body["error"]!["type"]!));
        Assert.Equal(190, stranger.Code);
        Assert.Equal(50, (await BatchAsync(calls[..50])).Count);
    }

    private static string Body(string text) =>
        $"messaging_type=RESPONSE&recipient={Encoded(new { id = Peter })}&message={Encoded(new { text })}";

    private static string Encoded(object json) => Uri.EscapeDataString(JsonSerializer.Serialize(json));

    private static string HeaderOf(JsonNode answer, string name) =>
        (string)answer["headers"]!.AsArray().Single(header => (string)header!["name"]! == name)!["value"]!;

    private async Task<JsonArray> BatchAsync(params object[] batch) =>
        (await GraphAsync(HttpMethod.Post, "", new { batch })).Body.AsArray();
}
