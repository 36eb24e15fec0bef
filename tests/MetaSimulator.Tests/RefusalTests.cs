namespace MetaMessaging.MetaSimulator.Tests;

/// <summary>The simulator refuses what Meta refuses, with the same error codes.</summary>
public sealed class RefusalTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    public static TheoryData<string, object, int, int?> BadMessages { get; } = new()
    {
        { Peter, new { text = new string('x', 2001) }, 100, null },
        { Ada, new { text = new string('å', 501) }, 100, null },
        { Peter, new { }, 100, null },
        { Peter, new { text = "both", attachment = Image("files/picture.png") }, 100, null },
        { Peter, new { attachment = Image("files/missing.png") }, 100, 2018008 },
        { Peter, new { attachment = Image("files/page.html") }, 100, 2018047 },
        { Peter, new { attachment = Image("files/not-a-picture.png") }, 100, 2018047 },
        { Peter, new { attachment = Image("files/huge.png") }, 100, 2018109 },
        { Ada, new { attachment = new { type = "audio", payload = new { url = "files/sound.mp3" } } }, 100, 2018047 },
        { Ada, new { attachment = new { type = "file", payload = new { url = "files/page.html" } } }, 100, 2018047 },
        { Peter, new { attachment = new { type = "image", payload = new { attachment_id = "1" } } }, 100, 2018074 },
        { Peter, MediaTemplate(new { media_type = "image", attachment_id = "1745504518999123" }), 100, 2018074 },
        { Peter, new { attachment = new { type = "image", payload = new { url = "http://example.com/x.png" } } }, 100, 2018008 },
        { Peter, new { attachments = new[] { Image("files/picture.png") } }, 100, null },
        { Peter, new { text = "?", quick_replies = Enumerable.Repeat(QuickReply("a"), 14) }, 100, null },
        { Peter, new { text = "?", quick_replies = new[] { QuickReply(new string('t', 21)) } }, 100, null },
        { Peter, Template(new { template_type = "button", text = "?", buttons = Array.Empty<object>() }), 100, null },
        { Peter, Template(new { template_type = "generic", elements = new[] { new { title = "alone" } } }), 100, null },
        { Peter, new { text = "x", metadata = new string('m', 1001) }, 100, null },
    };

    [Theory]
    [MemberData(nameof(BadMessages))]
    public async Task A_message_that_Meta_refuses_is_refused(string to, object message, int code, int? subcode)
    {
        await Control.WriteAsync(to, "hi");
        var json = System.Text.Json.JsonSerializer.Serialize(message).Replace(
            "\"files/", $"\"{App.BaseUrl}/files/", StringComparison.Ordinal);

        var answer = await SendAsync(to, System.Text.Json.Nodes.JsonNode.Parse(json)!);

        Assert.Equal((code, subcode), (answer.Code, answer.Subcode));
        Assert.NotEmpty((string)answer.Body["error"]!["fbtrace_id"]!);
        Assert.Empty(await Control.GetAcceptedAsync());
    }

    public static TheoryData<string, string, object?, int> BadReactions { get; } = new()
    {
        { Peter, "react", new { }, 100 },
        { Peter, "react", new { reaction = "love" }, 100 },
        { Ada, "react", new { reaction = "haha" }, 100 },
        { Ada, "react", new { reaction = "👍👍" }, 100 },
        { Peter, "unreact", new { reaction = "❤️" }, 100 },
        { Peter, "react", null, 100 },
    };

    [Theory]
    [MemberData(nameof(BadReactions))]
    public async Task A_reaction_that_Meta_refuses_is_refused(string to, string action, object? reaction, int code)
    {
        var hi = await Control.WriteAsync(to, "hi");
        var payload = reaction is null ? null : System.Text.Json.JsonSerializer.SerializeToNode(reaction)!.AsObject();
        if (payload is not null) payload["message_id"] = hi.Mid;

        var answer = await ActAsync(to, action, payload);

        Assert.Equal(code, answer.Code);
        Assert.Null((await Control.GetCustomerAsync(to))["messages"]![0]!["businessReaction"]);
    }

    [Fact]
    public async Task A_reaction_is_for_the_customers_own_message_within_a_day_and_stands_alone()
    {
        var hi = await Control.WriteAsync(Peter, "hi");
        var sent = await SendAsync(Peter, "hello");
        var stranger = await Control.WriteAsync(Ada, "hi");

        Assert.Equal(10900, (await ActAsync(Peter, "react", new { message_id = (string)sent["message_id"]!, reaction = "👍" })).Code);
        Assert.Equal(10900, (await ActAsync(Peter, "react", new { message_id = stranger.Mid, reaction = "👍" })).Code);
        Assert.Equal(100, (await GraphAsync(HttpMethod.Post, "me/messages", new
        {
            recipient = new { id = Peter }, sender_action = "react", messaging_type = "RESPONSE",
            payload = new { message_id = hi.Mid, reaction = "👍" },
        })).Code);
        await Control.AdvanceClockAsync(TimeSpan.FromHours(25));
        Assert.Equal(2018278, (await ActAsync(Peter, "react", new { message_id = hi.Mid, reaction = "👍" })).Subcode);
        Assert.Equal(200, (await ActAsync(Peter, "unreact", new { message_id = hi.Mid })).Status);
    }

    private Task<GraphAnswer> ActAsync(string to, string action, object? payload) =>
        GraphAsync(HttpMethod.Post, "me/messages", payload is null
            ? new { recipient = new { id = to }, sender_action = action }
            : new { recipient = new { id = to }, sender_action = action, payload });

    [Fact]
    public async Task Messages_at_the_limits_are_accepted()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.WriteAsync(Ada, "hi");

        Assert.Equal(200, (await SendAsync(Peter, new string('x', 2000))).Status);
        Assert.Equal(200, (await SendAsync(Ada, new string('å', 500))).Status);
        Assert.Equal(200, (await SendAsync(Peter, new { attachment = Image($"{App.BaseUrl}/files/picture.png") })).Status);
        Assert.Equal(
            200,
            (await SendAsync(Ada, new
            {
                attachments = new[] { Image($"{App.BaseUrl}/files/picture.png"), Image($"{App.BaseUrl}/files/picture.png") },
            })).Status);
    }

    [Theory]
    [InlineData("1", "me", 100, 2018001)]
    [InlineData(RoasteryCustomer, "me", 100, 2018001)]
    [InlineData("122100000000000001", "me", 100, 2018001)]
    [InlineData(Peter, InstagramId, 100, 2534014)]
    [InlineData(Peter, "209876543210988", 100, 33)]
    public async Task A_recipient_of_somebody_else_is_refused(string to, string edge, int code, int subcode)
    {
        await Control.WriteAsync(Peter, "hi");
        var answer = await SendAsync(to, new { text = "hello" }, edge);

        Assert.Equal((code, subcode), (answer.Code, answer.Subcode));
    }

    [Fact]
    public async Task The_window_closes_after_a_day_and_after_seven_with_the_human_agent_tag()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.WriteAsync(Ada, "hi");
        Assert.Equal(200, (await SendAsync(Peter, "in time")).Status);

        await Control.AdvanceClockAsync(TimeSpan.FromHours(25));
        var messenger = await SendAsync(Peter, "late");
        var instagram = await SendAsync(Ada, "late");
        var human = await SendAsync(Peter, new { text = "late" }, messagingType: "MESSAGE_TAG", tag: "HUMAN_AGENT");
        await Control.ConfigureAsync(new { app = new { humanAgent = false } });
        var unapproved = await SendAsync(Peter, new { text = "late" }, messagingType: "MESSAGE_TAG", tag: "HUMAN_AGENT");
        await Control.ConfigureAsync(new { app = new { humanAgent = true } });
        await Control.AdvanceClockAsync(TimeSpan.FromDays(7));
        var tooLate = await SendAsync(Peter, new { text = "late" }, messagingType: "MESSAGE_TAG", tag: "HUMAN_AGENT");

        Assert.Equal((10, 2018278), (messenger.Code, messenger.Subcode));
        Assert.Equal((10, 2534022), (instagram.Code, instagram.Subcode));
        Assert.Equal(200, human.Status);
        Assert.Contains("without prior approval", unapproved.Message, StringComparison.Ordinal);
        Assert.Equal(2018278, tooLate.Subcode);
    }

    [Theory]
    [InlineData(null, null, 100, null)]
    [InlineData("SOMETHING", null, 100, null)]
    [InlineData("MESSAGE_TAG", null, 100, null)]
    [InlineData("MESSAGE_TAG", "ACCOUNT_UPDATE", 100, 1893061)]
    [InlineData("RESPONSE", "HUMAN_AGENT", 100, null)]
    public async Task Messaging_types_and_tags_are_checked(string? type, string? tag, int code, int? subcode)
    {
        await Control.WriteAsync(Peter, "hi");
        var answer = await SendAsync(Peter, new { text = "x" }, messagingType: type, tag: tag);

        Assert.Equal((code, subcode), (answer.Code, answer.Subcode));
    }

    [Fact]
    public async Task A_person_who_blocked_the_page_cannot_be_written_to()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.ChangeCustomerAsync(Peter, new { blocked = true });
        var answer = await SendAsync(Peter, "hello?");

        Assert.Equal((551, 1545041), (answer.Code, answer.Subcode));
    }

    [Fact]
    public async Task A_thread_of_another_app_cannot_be_written_to_and_its_events_come_in_standby()
    {
        await Control.ChangeCustomerAsync(Peter, new { threadOwnerAppId = "987654321098765" });
        await Control.WriteAsync(Peter, "hi");
        var answer = await SendAsync(Peter, "hello?");
        await Control.WaitUntilIdleAsync();

        Assert.Equal((10, 2018300), (answer.Code, answer.Subcode));
        Assert.Contains("\"standby\"", System.Text.Encoding.UTF8.GetString(Assert.Single(App.All).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_message_access_instagram_refuses_sends_and_posts_no_events()
    {
        await Control.ChangePageAsync(PageId, new { instagram = new { allowsMessageAccess = false } });
        await Control.WriteAsync(Ada, "hi");
        var answer = await SendAsync(Ada, "hello?");
        await Control.WaitUntilIdleAsync();

        Assert.Equal((200, 2534041), (answer.Code, answer.Subcode));
        Assert.Empty(App.All);
    }

    [Fact]
    public async Task The_proof_is_required_and_checked()
    {
        var missing = await GraphAsync(HttpMethod.Get, "me", proof: false);
        var wrong = await GraphAsync(HttpMethod.Get, "me?appsecret_proof=00", proof: false);
        await Control.ConfigureAsync(new { app = new { requireAppSecretProof = false } });
        var optional = await GraphAsync(HttpMethod.Get, "me", proof: false);

        Assert.Contains("require an appsecret_proof", missing.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid appsecret_proof", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(200, optional.Status);
    }

    [Theory]
    [InlineData(458)]
    [InlineData(460)]
    [InlineData(463)]
    [InlineData(492)]
    public async Task A_dead_token_says_why(int subcode)
    {
        await Control.InvalidateTokensAsync(subcode);
        var answer = await GetAsync("me");
        var debug = await GetAsync($"debug_token?input_token={Token}", AppToken);

        Assert.Equal((190, subcode), (answer.Code, answer.Subcode));
        Assert.False((bool)debug.Body["data"]!["is_valid"]!);
        Assert.Equal(subcode, (int)debug.Body["data"]!["error"]!["subcode"]!);
    }

    [Theory]
    [InlineData("noProfile", 100, 2018218)]
    [InlineData("consentRequired", 230, null)]
    [InlineData("noMatchingUser", 9010, null)]
    [InlineData("unsupported", 100, 33)]
    public async Task Profiles_are_refused_in_their_several_ways(string profile, int code, int? subcode)
    {
        await Control.WriteAsync(Ada, "hi");
        await Control.ChangeCustomerAsync(Ada, new { profile });
        var answer = await GetAsync($"{Ada}?fields=name,username");

        Assert.Equal((code, subcode), (answer.Code, answer.Subcode));
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.GrantAsync(PageId, ["pages_show_list"]);

        Assert.Contains("pages_messaging", (await SendAsync(Peter, "x")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "pages_manage_metadata",
            (await GraphAsync(HttpMethod.Post, $"{PageId}/subscribed_apps?subscribed_fields=messages")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messaging_seen_is_no_field_of_a_page()
    {
        var answer = await GraphAsync(HttpMethod.Post, $"{PageId}/subscribed_apps?subscribed_fields=messages,messaging_seen");

        Assert.Equal(100, answer.Code);
        Assert.Contains("subscribed_fields[1]", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_sends_a_second_are_refused()
    {
        await Control.ConfigureAsync(new { limits = new { instagramSends = 3 } });
        await Control.WriteAsync(Ada, "hi");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => SendAsync(Ada, $"{number}")));

        Assert.Contains(answers, answer => answer is { Code: 613, Subcode: 2534040 });
        Assert.Equal(answers.Count(answer => answer.Status is 200), (await Control.GetAcceptedAsync(Ada)).Count);
    }

    [Theory]
    [InlineData("GET", "me/nonsense", 2500)]
    [InlineData("GET", "42", 100)]
    [InlineData("GET", "me?fields=nonsense", 100)]
    public async Task Unknown_paths_ids_and_fields_are_refused(string method, string path, int code)
    {
        var answer = await GraphAsync(new HttpMethod(method), path);

        Assert.Equal(code, answer.Code);
    }

    private static object QuickReply(string title) => new { content_type = "text", title, payload = "b" };

    private static object Template(object payload) => new { attachment = new { type = "template", payload } };

    private static object MediaTemplate(object element) => Template(new { template_type = "media", elements = new[] { element } });

    private static object Image(string url) => new { type = "image", payload = new { url } };
}
