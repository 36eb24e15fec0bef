namespace MetaMessaging.MetaSimulator.Tests;

public sealed class SendingTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    [Fact]
    public async Task A_messenger_message_is_echoed_with_app_and_metadata_and_delivered()
    {
        await Control.WriteAsync(Peter, "hi");
        var sent = await SendAsync(Peter, new { text = "hello", metadata = "gw:1" });
        await Control.ReadAsync(Peter);
        await Control.WaitUntilIdleAsync();

        var echo = App.Events[1]["message"]!;
        Assert.Equal(sent["message_id"], (string)echo["mid"]!);
        Assert.Equal("gw:1", (string)echo["metadata"]!);
        Assert.Equal(123456789012345, (long)echo["app_id"]!);
        Assert.Equal(sent["message_id"], (string)App.Events[2]["delivery"]!["mids"]![0]!);
        Assert.Equal((long)App.Events[1]["timestamp"]!, (long)App.Events[3]["read"]!["watermark"]!);
    }

    [Fact]
    public async Task An_instagram_echo_has_no_app_and_its_message_is_seen_by_mid()
    {
        await Control.WriteAsync(Ada, "hi");
        var sent = await SendAsync(Ada, new { text = "hello", metadata = "gw:1" });
        await Control.ReadAsync(Ada);
        await Control.WaitUntilIdleAsync();

        Assert.Equal(3, App.Events.Count);
        var echo = App.Events[1]["message"]!.AsObject();
        Assert.True((bool)echo["is_echo"]!);
        Assert.False(echo.ContainsKey("metadata") || echo.ContainsKey("app_id"));
        Assert.Equal(sent["message_id"], (string)App.Events[2]["read"]!["mid"]!);
    }

    [Fact]
    public async Task The_echo_can_come_before_the_answer_or_never()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.ConfigureAsync(new { behaviour = new { echo = "before", deliveryReceipts = false } });
        await SendAsync(Peter, "one");
        Assert.Equal(2, App.Events.Count);

        await Control.ConfigureAsync(new { behaviour = new { echo = "never" } });
        await SendAsync(Peter, "two");
        await Control.WaitUntilIdleAsync();
        Assert.Equal(2, App.Events.Count);
    }

    [Fact]
    public async Task A_phone_that_is_offline_acknowledges_nothing()
    {
        await Control.WriteAsync(Peter, "hi");
        await Control.ChangeCustomerAsync(Peter, new { online = false });
        await SendAsync(Peter, "hello");
        await Control.WaitUntilIdleAsync();

        Assert.DoesNotContain(App.Events, webhookEvent => webhookEvent["delivery"] is not null);
    }

    [Fact]
    public async Task An_upload_is_sent_by_its_id_and_can_be_downloaded_until_it_expires()
    {
        await Control.WriteAsync(Peter, "hi");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"attachment":{"type":"image","payload":{"is_reusable":true}}}"""), "message" },
            { NewPicture(), "filedata", "cup.png" },
        };
        var upload = await GraphAsync(HttpMethod.Post, $"{PageId}/message_attachments", form);
        await SendAsync(Peter, new { attachment = new { type = "image", payload = new { attachment_id = upload["attachment_id"] } } });
        await Control.WaitUntilIdleAsync();

        var url = (string)App.Events[1]["message"]!["attachments"]![0]!["payload"]!["url"]!;
        Assert.Equal("image/png", (await Control.Http.GetAsync(url, Stop)).Content.Headers.ContentType!.MediaType);

        await Control.AdvanceClockAsync(TimeSpan.FromDays(2));
        var expired = await Control.Http.GetAsync(url, Stop);
        Assert.Equal(403, (int)expired.StatusCode);
        Assert.Equal("URL signature expired", await expired.Content.ReadAsStringAsync(Stop));

        await Control.AdvanceClockAsync(TimeSpan.FromDays(90));
        await Control.WriteAsync(Peter, "hi again");
        Assert.Equal(
            2018074,
            (await SendAsync(Peter, new
            {
                attachment = new { type = "image", payload = new { attachment_id = upload["attachment_id"] } },
            })).Subcode);
    }

    [Fact]
    public async Task An_upload_can_be_sent_only_on_its_channel()
    {
        await Control.WriteAsync(Ada, "hi");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"attachment":{"type":"image","payload":{"is_reusable":true}}}"""), "message" },
            { NewPicture(), "filedata", "cup.png" },
        };
        using var formForInstagram = new MultipartFormDataContent
        {
            { new StringContent("instagram"), "platform" },
            { new StringContent("""{"attachment":{"type":"image","payload":{"is_reusable":true}}}"""), "message" },
            { NewPicture(), "filedata", "cup.png" },
        };
        var forMessenger = await GraphAsync(HttpMethod.Post, $"{PageId}/message_attachments", form);
        var forInstagram = await GraphAsync(HttpMethod.Post, $"{PageId}/message_attachments", formForInstagram);

        Assert.Equal(
            2018074,
            (await SendAsync(Ada, new
            {
                attachment = new { type = "image", payload = new { attachment_id = forMessenger["attachment_id"] } },
            })).Subcode);
        Assert.Equal(
            200,
            (await SendAsync(Ada, new
            {
                attachment = new { type = "image", payload = new { attachment_id = forInstagram["attachment_id"] } },
            })).Status);
        var accepted = Assert.Single((await Control.GetAcceptedAsync(Ada)).Single().Attachments);
        Assert.Equal(("image", "image/png", "cup.png", 8), (accepted.Type, accepted.ContentType, accepted.FileName, accepted.Size));
    }

    [Fact]
    public async Task Sender_actions_reach_the_phone()
    {
        var hi = await Control.WriteAsync(Peter, "hi");
        await ActAsync(new { recipient = new { id = Peter }, sender_action = "typing_on" });
        await ActAsync(new { recipient = new { id = Peter }, sender_action = "mark_seen" });
        var reacted = await ActAsync(
            new { recipient = new { id = Peter }, sender_action = "react", payload = new { message_id = hi.Mid, reaction = "❤️" } });
        var customer = await Control.GetCustomerAsync(Peter);

        Assert.True((bool)customer["typing"]!);
        Assert.True((long)customer["seenByBusinessUpTo"]! >= hi.Timestamp);
        Assert.Equal("❤️", (string)customer["messages"]![0]!["businessReaction"]!);
        Assert.Null(reacted.Body["message_id"]);
    }

    [Fact]
    public async Task The_conversation_can_be_read_back_newest_first()
    {
        await Control.ConfigureAsync(new { limits = new { conversations = 0 } });
        for (var number = 1; number <= 22; number++) await Control.WriteAsync(Ada, $"{number}");
        var threads = await GetAsync($"{PageId}/conversations?platform=instagram&user_id={Ada}");
        var thread = await GetAsync($"{threads.Body["data"]![0]!["id"]}?fields=messages.limit(30){{id,message,from}}");
        var messages = thread.Body["messages"]!["data"]!.AsArray();

        Assert.Equal("22", (string)messages[0]!["message"]!);
        Assert.NotNull(messages[19]!["message"]);
        Assert.Null(messages[20]!["message"]);
        Assert.Equal(9000001, (await GetAsync($"{messages[21]!["id"]}?fields=message")).Code);
        Assert.Empty((await GetAsync($"{PageId}/conversations")).Body["data"]!.AsArray());
    }

    private Task<GraphAnswer> ActAsync(object body) => GraphAsync(HttpMethod.Post, "me/messages", body);

    [Fact]
    public async Task The_owner_of_a_thread_is_read_by_the_plain_id_of_its_customer()
    {
        var other = new { recipient = new { id = Peter }, target_app_id = "987654321098765" };
        await GraphAsync(HttpMethod.Post, "me/pass_thread_control", other);
        var passed = await GetAsync($"{PageId}/thread_owner?recipient={Peter}");
        var free = await GetAsync($"me/thread_owner?recipient={Ada}");

        Assert.Equal(987654321098765, (long)passed.Body["data"]![0]!["thread_owner"]!["app_id"]!);
        Assert.Empty(free.Body["data"]!.AsArray());
        Assert.Equal(2018001, (await GetAsync($"me/thread_owner?recipient={RoasteryCustomer}")).Subcode);
        Assert.Equal(33, (await GetAsync($"209876543210988/thread_owner?recipient={Peter}")).Subcode);
        Assert.Equal(100, (await GetAsync("me/thread_owner")).Code);
    }

    private static ByteArrayContent NewPicture()
    {
        var picture = new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        picture.Headers.ContentType = new("image/png");
        return picture;
    }
}
