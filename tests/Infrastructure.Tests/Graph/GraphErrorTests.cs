using System.Net;
using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> KnownErrors =>
        [.. Directory.EnumerateFiles(GraphSample.Folder, "error-*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(KnownErrors))]
    public async Task Every_known_error_has_its_class_and_a_sentence_for_people(string name)
    {
        using var index = JsonDocument.Parse(GraphSample.Read("_index"));
        var known = index.RootElement.GetProperty(name + ".json");
        var call = known.GetProperty("endpoint").GetString()!.StartsWith("POST /{page-id}/messages", StringComparison.Ordinal)
            ? GraphCall.Send
            : GraphCall.Read;

        var refusal = await RefusalOf(call, (HttpStatusCode)known.GetProperty("http_status").GetInt32(), GraphSample.Read(name));

        Assert.Contains(refusal.Class, Expected(known.GetProperty("class").GetString()!, call));
        Assert.NotNull(refusal.Code);
        Assert.NotNull(refusal.FbtraceId);
        Assert.NotEmpty(refusal.Detail!);
        AssertReadable(refusal.Title);
    }

    [Theory]
    [InlineData("error-10-2018278-window-messenger", 10, 2018278)]
    [InlineData("error-code-as-string", 190, 463)]
    [InlineData("error-localised-message", 551, 1545041)]
    [InlineData("error-4-app-rate", 4, null)]
    public async Task Codes_are_kept_as_numbers(string name, int code, int? subcode)
    {
        var refusal = await RefusalOf(GraphCall.Send, HttpStatusCode.BadRequest, GraphSample.Read(name));

        Assert.Equal((code, subcode), (refusal.Code, refusal.Subcode));
    }

    [Theory]
    [InlineData(500, "<!DOCTYPE html><html>Sorry</html>", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(502, "", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(200, "", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(200, "<html>Welcome to the hotel's network</html>", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(200, """{"error":{"code":2,"message":"Unavailable"}}""", RefusalClass.Transient, RefusalClass.Transient)]
    [InlineData(302, "", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(408, "", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(429, "slow down", RefusalClass.Rate, RefusalClass.Rate)]
    [InlineData(404, "<html>", RefusalClass.Parameter, RefusalClass.Parameter)]
    [InlineData(500, """{"error":{"code":777777,"message":"New."}}""", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(500, """{"error":{"code":777777,"is_transient":true}}""", RefusalClass.Transient, RefusalClass.Transient)]
    [InlineData(429, """{"error":{"code":777777,"message":"New."}}""", RefusalClass.Rate, RefusalClass.Rate)]
    [InlineData(400, """{"error":{"code":1,"is_transient":true}}""", RefusalClass.Transient, RefusalClass.Transient)]
    [InlineData(
        400,
        """{"error":{"code":"1","error_subcode":"1357046","is_transient":true}}""",
        RefusalClass.OutcomeUnknown,
        RefusalClass.Transient)]
    [InlineData(400, """{"error":{"code":1,"error_subcode":4242}}""", RefusalClass.OutcomeUnknown, RefusalClass.Transient)]
    [InlineData(400, """{"error":{"code":4,"is_transient":true}}""", RefusalClass.Rate, RefusalClass.Rate)]
    [InlineData(400, """{"error":{"code":10,"error_subcode":1545041}}""", RefusalClass.Recipient, RefusalClass.Recipient)]
    [InlineData(400, """{"error":{"code":210,"message":"User not visible"}}""", RefusalClass.Permission, RefusalClass.Permission)]
    [InlineData(400, """{"error":{"code":190,"error_subcode":33}}""", RefusalClass.Token, RefusalClass.Token)]
    [InlineData(400, """{"error":"invalid_request"}""", RefusalClass.Parameter, RefusalClass.Parameter)]
    [InlineData(400, """{"error":{"message":"\ud83d half a pair","code":100}}""", RefusalClass.Parameter, RefusalClass.Parameter)]
    [InlineData(400, """{"error":{"message":{"en":"?"},"code":[1],"error_subcode":{}}}""", RefusalClass.Parameter, RefusalClass.Parameter)]
    public async Task Every_answer_has_a_class(int status, string body, RefusalClass ofSend, RefusalClass ofRead)
    {
        var send = await RefusalOf(GraphCall.Send, (HttpStatusCode)status, body);
        var read = await RefusalOf(GraphCall.Read, (HttpStatusCode)status, body);

        Assert.Equal((ofSend, ofRead), (send.Class, read.Class));
        AssertReadable(send.Title);
        AssertReadable(read.Title);
    }

    public static TheoryData<string, RefusalClass, RefusalActor, bool, string> RefusalsOfSends => new()
    {
        {
            """{"code":100,"error_subcode":2534037,"message":"(#100) The action is invalid since it's not the thread owner."}""",
            RefusalClass.Thread, RefusalActor.Agent, true, "Another app"
        },
        {
            """{"code":230,"message":"(#230) Requires pages_messaging permission to manage the object"}""",
            RefusalClass.Permission, RefusalActor.Admin, true, "grant all permissions"
        },
        { """{"code":230,"message":"(#230) Zugriff verweigert"}""", RefusalClass.Permission, RefusalActor.Admin, true, "grant all" },
        {
            """{"code":508,"error_subcode":2534122,"is_transient":true,"error_user_title":"Link can not be shared"}""",
            RefusalClass.Parameter, RefusalActor.Agent, false, "without the link"
        },
        { """{"code":10,"error_subcode":2534122}""", RefusalClass.Restricted, RefusalActor.Admin, true, "restricted this Page" },
        { """{"code":546,"message":"(#546) File type not allowed"}""", RefusalClass.Attachment, RefusalActor.Agent, false, "type of file" },
        { """{"code":36000,"message":"Image too large"}""", RefusalClass.Attachment, RefusalActor.Agent, false, "picture is too large" },
        {
            """{"code":100,"type":"IGApiException","message":"Unsupported request - method type: post"}""",
            RefusalClass.Transient, RefusalActor.Meta, true, "can be sent later"
        },
        {
            """{"code":100,"type":"OAuthException","message":"Unsupported request - method type: post"}""",
            RefusalClass.Parameter, RefusalActor.Agent, false, "content of this message"
        },
        {
            """{"code":190,"message":"This Page access token belongs to a Page that is not accessible."}""",
            RefusalClass.Token, RefusalActor.Admin, true, "Publish the Page"
        },
        {
            """{"code":190,"message":"Any of the pages_messaging permission(s) must be granted before impersonating a user's page."}""",
            RefusalClass.Permission, RefusalActor.Admin, true, "full access"
        },
        { """{"type":"OAuthException","message":"Invalid request"}""", RefusalClass.Token, RefusalActor.Admin, true, "Reconnect the Page" },
        { """{"code":9010,"message":"No matching Instagram user"}""", RefusalClass.Recipient, RefusalActor.Agent, false, "can't be found" },
        { """{"code":100,"error_subcode":2018218}""", RefusalClass.Recipient, RefusalActor.Agent, false, "can't be found" },
    };

    [Theory]
    [MemberData(nameof(RefusalsOfSends))]
    public async Task A_refused_message_says_who_can_do_what(
        string error, RefusalClass expected, RefusalActor actor, bool retryable, string words)
    {
        foreach (var status in new[] { HttpStatusCode.BadRequest, HttpStatusCode.OK })
        {
            var refusal = await RefusalOf(GraphCall.Send, status, $$"""{"error":{{error}}}""");

            Assert.Equal((expected, actor, retryable), (refusal.Class, refusal.Actor, refusal.Retryable));
            Assert.Contains(words, refusal.Title, StringComparison.Ordinal);
            AssertReadable(refusal.Title);
        }
    }

    [Theory]
    [InlineData("""{"code":230,"message":"(#230) User consent is required to access user profile"}""", RefusalClass.Profile)]
    [InlineData("""{"code":230,"message":"(#230) Requires pages_messaging permission to manage the object"}""", RefusalClass.Permission)]
    [InlineData("""{"code":9010,"message":"No matching Instagram user"}""", RefusalClass.Profile)]
    [InlineData("""{"code":100,"error_subcode":2018218}""", RefusalClass.Profile)]
    public async Task A_profile_that_Meta_does_not_show_says_so(string error, RefusalClass expected)
    {
        var refusal = await RefusalOf(GraphCall.Read, HttpStatusCode.BadRequest, $$"""{"error":{{error}}}""");

        Assert.Equal(expected, refusal.Class);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("<html>Slow down</html>", true)]
    [InlineData("""{"error":{"code":80006}}""", false)]
    public async Task Only_a_limit_with_a_code_of_Metas_is_the_whole_pages(string body, bool concernsOneCall)
    {
        var refusal = await RefusalOf(GraphCall.Send, HttpStatusCode.TooManyRequests, body);

        Assert.Equal((RefusalClass.Rate, concernsOneCall), (refusal.Class, refusal.ConcernsOneCall));
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, RefusalClass.Transient)]
    [InlineData(HttpRequestError.ConnectionError, RefusalClass.Transient)]
    [InlineData(HttpRequestError.SecureConnectionError, RefusalClass.Transient)]
    [InlineData(HttpRequestError.ResponseEnded, RefusalClass.OutcomeUnknown)]
    [InlineData(HttpRequestError.Unknown, RefusalClass.OutcomeUnknown)]
    public async Task Only_a_failed_connection_shows_that_nothing_was_sent(HttpRequestError error, RefusalClass expected)
    {
        var send = await RefusalOf(GraphCall.Send, _ => throw new HttpRequestException(error, "Network error"));
        var read = await RefusalOf(GraphCall.Read, _ => throw new HttpRequestException(error, "Network error"));

        Assert.Equal((expected, RefusalClass.Transient), (send.Class, read.Class));
    }

    [Fact]
    public async Task A_connect_timeout_shows_that_nothing_was_sent()
    {
        var send = await RefusalOf(GraphCall.Send, _ => throw new OperationCanceledException("connect", new TimeoutException()));

        Assert.Equal(RefusalClass.Transient, send.Class);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_answer_arrives_leaves_the_outcome_unknown()
    {
        var send = await RefusalOf(GraphCall.Send, _ => new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) });

        Assert.Equal(RefusalClass.OutcomeUnknown, send.Class);
    }

    [Fact]
    public async Task An_answer_above_the_maximum_size_is_not_read_on()
    {
        var send = await RefusalOf(GraphCall.Send, _ => new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) });

        Assert.Equal(RefusalClass.OutcomeUnknown, send.Class);
    }

    [Fact]
    public async Task An_unlisted_refusal_quotes_Meta_with_the_numbers()
    {
        var refusal = await RefusalOf(GraphCall.Send, HttpStatusCode.BadRequest, GraphSample.Read("error-unlisted-4xx"));

        Assert.Equal("Meta refused the message: Something nobody has seen before. (777777/999)", refusal.Title);
    }

    [Fact]
    public async Task A_refusal_never_repeats_a_secret()
    {
        var body = """
            {"error":{"code":777777,"message":"Malformed access token EAABwzLixnjYBO0ZD of 123456789012345|0123456789abcdef"}}
            """;

        var refusal = await RefusalOf(GraphCall.Send, HttpStatusCode.BadRequest, body);

        Assert.DoesNotContain("EAAB", refusal.Title + refusal.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", refusal.Title + refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Business-Use-Case-Usage", """{"1":[{"estimated_time_to_regain_access":19}],"2":[{"type":"pages"}]}""", 19 * 60)]
    [InlineData("X-Business-Use-Case-Usage", """{"1":[{"estimated_time_to_regain_access":0}]}""", null)]
    [InlineData("X-Business-Use-Case-Usage", """{"1":"?"}""", null)]
    [InlineData("X-Business-Use-Case-Usage", "not json", null)]
    [InlineData("X-Business-Use-Case-Usage", """{"1":[{"estimated_time_to_regain_access":1e9}]}""", 86_400)]
    [InlineData("Retry-After", "300", 300)]
    [InlineData("Retry-After", "5", 60)]
    [InlineData("Retry-After", "Thu, 09 Oct 2025 09:03:20 GMT", 600)]
    [InlineData("X-App-Usage", """{"call_count":100}""", null)]
    public async Task A_rate_refusal_says_how_long_to_wait(string header, string value, int? seconds)
    {
        var refusal = await RefusalOf(GraphCall.Send, _ =>
        {
            var answer = Answer(HttpStatusCode.BadRequest, """{"error":{"code":80006}}""");
            answer.Headers.Date = new DateTimeOffset(2025, 10, 9, 8, 53, 20, TimeSpan.Zero);
            answer.Headers.TryAddWithoutValidation(header, value);
            return answer;
        });

        Assert.Equal(RefusalClass.Rate, refusal.Class);
        Assert.Equal(seconds, refusal.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Reads_are_retried_and_sends_are_not()
    {
        var tries = 0;
        Func<HttpRequestMessage, HttpResponseMessage> failing = _ => { tries++; return Answer(HttpStatusCode.ServiceUnavailable, ""); };

        await RefusalOf(GraphCall.Send, failing);
        var sends = tries;
        await RefusalOf(GraphCall.Read, failing);

        Assert.Equal((1, 3), (sends, tries - sends));
    }

    private static RefusalClass[] Expected(string name, GraphCall call) => name switch
    {
        "unknown" => [call is GraphCall.Send ? RefusalClass.OutcomeUnknown : RefusalClass.Transient],
        "oauth" => [RefusalClass.Parameter, RefusalClass.Token],   // for the administrator who is connecting
        "window-or-recipient" => [RefusalClass.Recipient],         // the window is kept on our side
        _ => [Enum.Parse<RefusalClass>(name, ignoreCase: true)],
    };

    private static void AssertReadable(string title)
    {
        Assert.Matches(@"^[A-Z].{10,}[.)]$|^[A-Z].*retrying\.$|^Meta refused .*[^:]$", title);
        Assert.DoesNotContain("unknown error", title, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("OAuthException", title, StringComparison.Ordinal);
        Assert.DoesNotContain("(#", title, StringComparison.Ordinal);
    }

    private static Task<Refusal> RefusalOf(GraphCall call, HttpStatusCode status, string body) =>
        RefusalOf(call, _ => Answer(status, body));

    /// <summary>Sends through the client as it is registered, with a function in place of the network.</summary>
    private static async Task<Refusal> RefusalOf(GraphCall call, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Meta:ReadRetryDelay", "00:00:00")])
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IMetaApp>(new KnownMetaApp())
            .AddSingleton<IDispatcher>(new FakeDispatcher())
            .AddSingleton<INodes>(new FakeNodes())
            .AddGraph(configuration)
            .ConfigureAll<HttpClientFactoryOptions>(client =>
                client.HttpMessageHandlerBuilderActions.Add(handlers => handlers.PrimaryHandler = new FunctionHandler(answer)))
            .BuildServiceProvider(validateScopes: true);
        var api = services.GetRequiredService<IGraphApi>();

        var exception = await Assert.ThrowsAsync<GraphException>(() => call is GraphCall.Send
            ? api.SendAsync("1", new SendRequest(new RecipientNode("2")), "token", Cancellation)
            : api.GetMeAsync("token", Cancellation));
        return exception.Refusal;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8) };

    private sealed class FunctionHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }

    private sealed class BrokenStream : EndlessStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The connection was reset.");
    }

    private class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            CopyAsync(destination, cancellationToken);

        private async Task CopyAsync(Stream destination, CancellationToken cancellationToken)
        {
            var buffer = new byte[65536];
            while (true) await destination.WriteAsync(buffer.AsMemory(0, await ReadAsync(buffer, cancellationToken)), cancellationToken);
        }
    }
}

/// <summary>System Config as the administrator filled it in.</summary>
internal sealed class KnownMetaApp(string? appId = KnownMetaApp.AppId, string? appSecret = KnownMetaApp.AppSecret) : IMetaApp
{
    public const string AppId = "123456789012345";
    public const string AppSecret = "0123456789abcdef0123456789abcdef";

    public ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken) => new(new MetaAppSettings(appId, appSecret, "verify"));

    public void Invalidate() { }
}
