using System.Web;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Graph;
using MetaMessaging.Infrastructure.Media;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Graph;

/// <summary>The Graph client against the simulator: two implementations of the same description of Meta that share no code.</summary>
public sealed class SimulatedMetaTests : IAsyncLifetime
{
    private const string Page = "109876543210987";
    private const string Psid = "7654321098765432";
    private const string Igsid = "1234567890123456";

    private static readonly Uri RedirectUri = new(SimulatorOptions.DefaultRedirectUri);
    private static readonly Uri WebhookUrl = new("https://gw.example/integrations/meta-messaging/webhook");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media");
    private Simulator meta = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMetaOAuth OAuth => services.GetRequiredService<IMetaOAuth>();

    private IMetaPages Pages => services.GetRequiredService<IMetaPages>();

    private IMetaMessages Messages => services.GetRequiredService<IMetaMessages>();

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync(cancellationToken: Cancellation);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Meta:GraphBaseUrl"] = meta.BaseAddress.AbsoluteUri,
            ["Meta:DialogBaseUrl"] = meta.BaseAddress.AbsoluteUri,
            ["Meta:MediaHosts:0"] = meta.BaseAddress.Authority,
            ["Storage:Path"] = folder.FullName,
        }).Build();
        services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IMetaApp>(new KnownMetaApp())
            .AddSingleton<IDispatcher>(new FakeDispatcher()).AddSingleton<INodes>(new FakeNodes()).AddMetrics()
            .AddGraph(configuration).AddMedia(configuration).BuildServiceProvider(validateScopes: true);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await meta.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_page_is_connected_from_the_dialog_to_its_subscription()
    {
        var code = await ConsentAsync(OAuth.DialogUrl(KnownMetaApp.AppId, RedirectUri, "state"));
        await meta.Control.SetWebhookAsync(WebhookUrl.AbsoluteUri);

        var grant = await OAuth.ExchangeCodeAsync(code, RedirectUri, Cancellation);
        var page = Assert.Single(await Pages.ListPagesAsync(grant.AccessToken, Cancellation));
        var inspection = await OAuth.InspectTokenAsync(page.PageAccessToken!, Cancellation);

        Assert.Equal("122100000000000001", grant.MetaUserId);
        Assert.Empty(MetaPermissions.All.Except(grant.GrantedPermissions!));
        Assert.Equal((Page, "17841400000000001", "bluecup"), (page.PageId, page.InstagramAccountId, page.InstagramUsername));
        Assert.Equal((true, null, null), (inspection.IsValid, inspection.ExpiresAt, inspection.Problem));
        Assert.Null(await Pages.SubscribePageAsync(Page, page.PageAccessToken!, Cancellation));
        Assert.Null(await Pages.CheckAppSubscriptionsAsync(WebhookUrl, withInstagram: true, Cancellation));
        await Pages.UnsubscribePageAsync(Page, page.PageAccessToken!, Cancellation);

        var calls = (await meta.Control.GetCallsAsync()).Where(c => c.Operation is not (null or "oauth" or "media")).ToList();
        Assert.All(calls, call => Assert.Equal(("header", true), (call.TokenIn, call.Proof)));
        Assert.All(calls, call => Assert.DoesNotContain("access_token", call.QueryNames));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, Psid, "Peter Chang")]
    [InlineData(Channel.InstagramDm, Igsid, "Ada Bakes")]
    public async Task A_customer_is_answered_known_and_found_again(Channel channel, string scopedUserId, string name)
    {
        var token = await meta.Control.GrantAsync(Page);
        var recipient = new Recipient(channel, Page, token, "17841400000000001", scopedUserId);
        await meta.Control.WriteAsync(scopedUserId, "Do you have the blue cup?");

        var mid = await Messages.SendAsync(recipient, new OutgoingMessage("Yes, five left. 👋", "mm:1"), Cancellation);
        await Messages.MarkSeenAsync(recipient, Cancellation);
        var messages = await Messages.ListRecentMessagesAsync(recipient, Cancellation);
        var profile = await services.GetRequiredService<IMetaProfiles>().GetProfileAsync(recipient, Cancellation);
        await using var picture = await services.GetRequiredService<IMediaDownloader>()
            .DownloadAsync(profile.PictureUrl!, "image", withThumbnail: true, Cancellation);

        Assert.Equal(name, profile.Name);
        Assert.NotNull(picture.Media.ThumbnailKey);
        Assert.Equal(["Do you have the blue cup?", "Yes, five left. 👋"], messages.Select(m => m.Text).Order());
        Assert.Contains(messages, message => message.ExternalId == mid && message.FromId != scopedUserId);
        var accepted = Assert.Single(await meta.Control.GetAcceptedAsync(scopedUserId));
        Assert.Equal((mid, channel is Channel.FacebookMessenger ? "mm:1" : null), (accepted.Mid, accepted.Metadata));
    }

    [Fact]
    public async Task A_message_that_was_accepted_before_the_line_broke_is_found_again_and_was_sent_once()
    {
        var recipient = new Recipient(Channel.FacebookMessenger, Page, await meta.Control.GrantAsync(Page), null, Psid);
        await meta.Control.WriteAsync(Psid, "Hello");
        await meta.Control.PlanFaultAsync(new { operation = "send", when = "after", dropConnection = true });

        var refused = await Assert.ThrowsAsync<GraphException>(
            () => Messages.SendAsync(recipient, new OutgoingMessage("Welcome", "mm:1"), Cancellation));

        Assert.Equal(RefusalClass.OutcomeUnknown, refused.Refusal.Class);
        Assert.Contains(await Messages.ListRecentMessagesAsync(recipient, Cancellation), message => message.Text == "Welcome");
        Assert.Single(await meta.Control.GetAcceptedAsync(Psid));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, Psid, "cup.jpg", "image", "image/jpeg")]
    [InlineData(Channel.FacebookMessenger, Psid, "clip.mp4", "video", "video/mp4")]
    [InlineData(Channel.FacebookMessenger, Psid, "voice.mp3", "audio", "audio/mpeg")]
    [InlineData(Channel.FacebookMessenger, Psid, "price-list.pdf", "file", "application/pdf")]
    [InlineData(Channel.InstagramDm, Igsid, "cup.jpg", "image", "image/jpeg")]
    [InlineData(Channel.InstagramDm, Igsid, "clip.mp4", "video", "video/mp4")]
    [InlineData(Channel.InstagramDm, Igsid, "voice-note.mp4", "audio", "audio/mp4")]
    [InlineData(Channel.InstagramDm, Igsid, "price-list.pdf", "file", "application/pdf")]
    public async Task A_file_is_uploaded_sent_and_found_again(
        Channel channel, string scopedUserId, string sample, string type, string contentType)
    {
        var recipient = new Recipient(channel, Page, await meta.Control.GrantAsync(Page), "17841400000000001", scopedUserId);
        await meta.Control.WriteAsync(scopedUserId, "Hello");
        await using var content = File.OpenRead(SampleOf(sample));

        var id = await Messages.UploadAsync(recipient, new OutgoingFile(type, contentType, $"März {sample}", content), Cancellation);
        var mid = await Messages.SendAsync(
            recipient, new OutgoingMessage(null, null, Attachment: new OutgoingAttachment(type, id, null)), Cancellation);

        var accepted = Assert.Single(Assert.Single(await meta.Control.GetAcceptedAsync(scopedUserId)).Attachments);
        Assert.Equal(
            (type, contentType, $"{(channel is Channel.InstagramDm ? "Marz" : "März")} {sample}", new FileInfo(SampleOf(sample)).Length),
            (accepted.Type, accepted.ContentType, accepted.FileName, accepted.Size));
        var shown = (await Messages.ListRecentMessagesAsync(recipient, Cancellation)).Single(m => m.ExternalId == mid);
        Assert.Equal([type], shown.AttachmentKinds);
    }

    [Fact]
    public async Task A_file_that_meta_no_longer_has_is_a_refusal_of_the_attachment()
    {
        var recipient = new Recipient(Channel.FacebookMessenger, Page, await meta.Control.GrantAsync(Page), null, Psid);
        await using var content = File.OpenRead(SampleOf("cup.jpg"));
        var id = await Messages.UploadAsync(recipient, new OutgoingFile("image", "image/jpeg", "cup.jpg", content), Cancellation);
        await meta.Control.AdvanceClockAsync(TimeSpan.FromDays(91));
        await meta.Control.WriteAsync(Psid, "Hello");
        recipient = recipient with { PageAccessToken = await meta.Control.GrantAsync(Page) };

        var refused = await Assert.ThrowsAsync<GraphException>(
            () => Messages.SendAsync(
                recipient, new OutgoingMessage(null, null, Attachment: new OutgoingAttachment("image", id, null)), Cancellation));

        Assert.Equal((RefusalClass.Attachment, 2018074), (refused.Refusal.Class, refused.Refusal.Subcode));
    }

    [Fact]
    public async Task A_dead_token_is_told_by_the_send_and_by_the_inspection()
    {
        var token = await meta.Control.GrantAsync(Page);
        var recipient = new Recipient(Channel.FacebookMessenger, Page, token, null, Psid);
        await meta.Control.WriteAsync(Psid, "Hello");
        await meta.Control.InvalidateTokensAsync(460, Page);

        var refused = await Assert.ThrowsAsync<GraphException>(
            () => Messages.SendAsync(recipient, new OutgoingMessage("Welcome", "mm:1"), Cancellation));
        var inspection = await OAuth.InspectTokenAsync(token, Cancellation);

        Assert.Equal((RefusalClass.Token, 190, 460), (refused.Refusal.Class, refused.Refusal.Code, refused.Refusal.Subcode));
        Assert.Equal((false, refused.Refusal.Title), (inspection.IsValid, inspection.Problem));
    }

    [Fact]
    public async Task A_closed_window_is_told_to_the_agent()
    {
        var recipient = new Recipient(Channel.InstagramDm, Page, await meta.Control.GrantAsync(Page), "17841400000000001", Igsid);

        var refused = await Assert.ThrowsAsync<GraphException>(
            () => Messages.SendAsync(recipient, new OutgoingMessage("Hello", null), Cancellation));

        Assert.Equal((RefusalClass.Window, RefusalActor.Agent), (refused.Refusal.Class, refused.Refusal.Actor));
    }

    private static string SampleOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MetaMessaging.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, "tests", "MetaSimulator", "site", "samples", name);
    }

    /// <summary>The person in the dialog ticks what there is and continues.</summary>
    private async Task<string> ConsentAsync(Uri dialog)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent(
        [
            new("action", "continue"),
            new("pages", Page),
            .. MetaPermissions.All.Select(p => new KeyValuePair<string, string>("permissions", p)),
        ]);
        using var answer = await browser.PostAsync(dialog, form, Cancellation);
        return HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["code"]!;
    }
}
