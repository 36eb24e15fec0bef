using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed class MessengerProfileTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    private static readonly object GetStarted = new { get_started = new { payload = "START" } };

    [Fact]
    public async Task Properties_are_set_read_and_deleted_by_name()
    {
        await SetAsync(GetStarted);
        await SetAsync(new { persistent_menu = Menu(1), greeting = new[] { new { locale = "default", text = "Hello" } } });
        var all = await ReadAsync("get_started,greeting,persistent_menu,ice_breakers");
        var deleted = await DeleteAsync("persistent_menu", "get_started");

        Assert.Equal("START", (string)all["get_started"]!["payload"]!);
        Assert.Equal("Item 1", (string)all["persistent_menu"]![0]!["call_to_actions"]![0]!["title"]!);
        Assert.Null(all["ice_breakers"]);
        Assert.Equal("success", deleted["result"]);
        Assert.Equal(["greeting"], (await ReadAsync("get_started,greeting,persistent_menu")).AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Nothing_is_set_at_first_and_each_channel_has_its_own_profile()
    {
        await GraphAsync(HttpMethod.Post, "me/messenger_profile?platform=instagram", new { ice_breakers = new[] { Question(10) } });

        Assert.Empty((await GetAsync("me/messenger_profile?fields=ice_breakers")).Body["data"]!.AsArray());
        Assert.Single((await GetAsync("me/messenger_profile?fields=ice_breakers&platform=instagram")).Body["data"]!.AsArray());
        Assert.Equal(100, (await GetAsync("me/messenger_profile?fields=greeting&platform=instagram")).Code);
    }

    [Fact]
    public async Task A_menu_needs_the_get_started_button_for_as_long_as_it_is_set()
    {
        var alone = await SetAsync(new { persistent_menu = Menu(1) });
        await SetAsync(GetStarted);
        await SetAsync(new { persistent_menu = Menu(20) });
        var withoutButton = await DeleteAsync("get_started");

        Assert.Equal((100, 2018145), (alone.Code, alone.Subcode));
        Assert.Equal((100, 2018145), (withoutButton.Code, withoutButton.Subcode));
        Assert.NotNull((await ReadAsync("get_started"))["get_started"]);
    }

    public static TheoryData<object> Refused { get; } = new()
    {
        new { },
        new { get_started = new { payload = new string('p', 1001) } },
        new { greeting = new[] { new { locale = "en_US", text = "Hello" } } },
        new { greeting = new[] { new { locale = "default", text = new string('t', 161) } } },
        new { ice_breakers = Enumerable.Repeat(Question(10), 5) },
        new { ice_breakers = new[] { Question(81) } },
        new { persistent_menu = Menu(21) },
        new { persistent_menu = new[] { new { type = "postback", title = "Old form", payload = "P" } } },
        new { persistent_menu = new[] { new { locale = "default", composer_input_disabled = true } } },
        new { whitelisted_domains = new[] { "http://example.com" } },
        new { whitelisted_domains = Enumerable.Repeat("https://example.com", 51) },
        new { account_linking_url = "http://example.com/link" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_property_that_Meta_refuses_is_refused_and_changes_nothing(object properties)
    {
        await SetAsync(GetStarted);
        var answer = await SetAsync(properties);

        Assert.Equal((100, null), (answer.Code, answer.Subcode));
        Assert.Equal("START", (string)(await ReadAsync("get_started"))["get_started"]!["payload"]!);
    }

    [Fact]
    public async Task Personas_are_created_listed_and_deleted_and_a_message_can_be_in_their_name()
    {
        await Control.WriteAsync(Peter, "hi");
        var nora = await CreatePersonaAsync("Nora");
        var second = await CreatePersonaAsync("Omar");
        var sent = await SendAsPersonaAsync(Peter, nora["id"]);
        var listed = (await GetAsync("me/personas")).Body["data"]!.AsArray().Select(persona => (string)persona!["name"]!);
        var read = await GetAsync(nora["id"]);
        var deleted = await GraphAsync(HttpMethod.Delete, nora["id"]);

        Assert.Equal(["Nora", "Omar"], listed.Order(StringComparer.Ordinal));
        Assert.StartsWith(Meta.BaseAddress.ToString(), read["profile_picture_url"], StringComparison.Ordinal);
        Assert.Equal(200, sent.Status);
        Assert.True((bool)deleted.Body["success"]!);
        Assert.Equal(100, (await SendAsPersonaAsync(Peter, nora["id"])).Code);
        Assert.Equal(33, (await GetAsync(nora["id"])).Subcode);
        Assert.Single((await GetAsync("me/personas")).Body["data"]!.AsArray(), persona => (string)persona!["id"]! == second["id"]);
    }

    [Fact]
    public async Task A_persona_has_a_short_name_and_a_picture_and_none_speaks_on_instagram()
    {
        await Control.WriteAsync(Ada, "hi");
        var nora = await CreatePersonaAsync("Nora");

        Assert.Equal(100, (await CreatePersonaAsync(new string('n', 51))).Code);
        Assert.Equal(2018047, (await CreatePersonaAsync("Nora", "files/page.html")).Subcode);
        Assert.Equal(100, (await SendAsPersonaAsync(Ada, nora["id"])).Code);
        Assert.Equal(100, (await SendAsPersonaAsync(Peter, "1")).Code);
    }

    private static object[] Menu(int items) =>
    [
        new
        {
            locale = "default",
            call_to_actions = Enumerable.Range(1, items).Select(i => new { type = "postback", title = $"Item {i}", payload = "P" }),
        },
        new { locale = "nb_NO", composer_input_disabled = false },
    ];

    private static object Question(int length) => new { question = new string('q', length), payload = "P" };

    private Task<GraphAnswer> SetAsync(object properties) => GraphAsync(HttpMethod.Post, "me/messenger_profile", properties);

    private Task<GraphAnswer> DeleteAsync(params string[] fields) => GraphAsync(HttpMethod.Delete, "me/messenger_profile", new { fields });

    private async Task<JsonNode> ReadAsync(string fields) => (await GetAsync($"me/messenger_profile?fields={fields}")).Body["data"]![0]!;

    private Task<GraphAnswer> CreatePersonaAsync(string name, string picture = "files/picture.png") =>
        GraphAsync(HttpMethod.Post, $"{PageId}/personas", new { name, profile_picture_url = $"{App.BaseUrl}/{picture}" });

    private Task<GraphAnswer> SendAsPersonaAsync(string to, string personaId) => GraphAsync(HttpMethod.Post, "me/messages", new
    {
        recipient = new { id = to }, messaging_type = "RESPONSE", message = new { text = "hello" }, persona_id = personaId,
    });
}
