using System.Net.Http.Headers;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Maintenance;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.WebUI.Tests;

/// <summary>The whole app with its media in Azure Blob storage.</summary>
public sealed class BlobMediaTests(Azurite azurite) : IClassFixture<Azurite>, IAsyncLifetime
{
    private readonly Dictionary<string, string?> settings = new()
    {
        ["Storage:Provider"] = "AzureBlob",
        ["Storage:ConnectionString"] = azurite.ConnectionString,
        ["Storage:Container"] = $"media-{Guid.NewGuid():N}",
    };

    private Simulator meta = null!;
    private App app = null!;
    private ApiClient agent = null!;

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync();
        app = await App.StartAsync(meta, settings);
        agent = await app.SignInAsync();
        await AppFixture.ConfigureAsync(app, agent, meta);
        await agent.RunDialogAsync([Some.PageId]);
    }

    public async ValueTask DisposeAsync()
    {
        agent.Dispose();
        await app.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public async Task Files_are_received_shown_in_part_sent_and_erased()
    {
        var customer = await meta.Control.CreateCustomerAsync(new { pageId = Some.PageId, name = "Amara Okafor", channel = "messenger" });
        await meta.Control.WriteAsync(customer, new { attachments = new[] { new { type = "image", sample = "cup.jpg" } } });
        var contact = await Until.Found(
            async () => (await agent.GetAsync($"api/contacts?q={customer}")).Json["items"]!.AsArray().SingleOrDefault(),
            found => found is not null && (string)found["profileState"]! is "complete", "the profile is there");
        var attachment = await Until.Found(
            () => app.InDatabaseAsync(db => db.MessageAttachments.AsNoTracking().SingleAsync()),
            a => a.StorageKey is not null, "the picture is stored");

        var picture = await agent.GetAsync($"api/attachments/{attachment.Id}/content");
        var part = await agent.GetAsync($"api/attachments/{attachment.Id}/content", ("Range", "bytes=2-11"));
        var thumbnail = await agent.GetAsync($"api/attachments/{attachment.Id}/content?thumbnail=true");
        var avatar = await agent.GetAsync($"api/contacts/{contact!["id"]}/avatar");
        Assert.Equal(
            (200, "image/jpeg", 206, $"bytes 2-11/{attachment.Size}", 200, "image/webp", 200),
            (picture.Status, picture.ContentType, part.Status, part.Headers["Content-Range"], thumbnail.Status, thumbnail.ContentType,
                avatar.Status));
        Assert.Equal(202, (await SendFileAsync((long)contact["id"]!)).Status);
        await Until.True(
            async () => (await meta.Control.GetAcceptedAsync(customer)).Count == 1, "the file was sent");
        Assert.False(Directory.Exists(app.Folder.File("media")));
        Assert.NotEmpty(await KeysAsync());
        var parts = await app.Services.CheckInstallationAsync(TestContext.Current.CancellationToken)
            .ToDictionaryAsync(part => part.Name, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(parts["Media"].IsRight, parts["Media"].Finding);
        Assert.Contains(
            "in Azure Blob storage, and are not copied",
            await app.Services.BackUpAsync(app.Folder.File("backup"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(204, (await agent.DeleteAsync($"api/contacts/{contact["id"]}")).Status);

        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task While_the_storage_is_away_the_app_is_not_ready_and_refuses_files()
    {
        await azurite.StopAsync();
        try
        {
            await Until.True(
                async () => await agent.GetAsync("health/ready") is { Status: 503 } answer
                    && answer.Text.StartsWith("Unhealthy: The storage of media", StringComparison.Ordinal),
                "readiness says so");
            var upload = await UploadAsync();
            Assert.Equal((503, "storage_unavailable"), (upload.Status, upload.Code));
            Assert.Equal(200, (await agent.GetAsync("api/conversations")).Status);
        }
        finally
        {
            await azurite.StartAsync();
        }
    }

    private async Task<Answer> SendFileAsync(long contactId)
    {
        var upload = await UploadAsync();
        var conversations = (await agent.GetAsync($"api/contacts/{contactId}")).Json["conversations"]!;
        return await agent.PostAsync("api/messaging/send", new
        {
            conversationId = (long)conversations[0]!["id"]!, attachmentIds = new[] { (long)upload.Json["id"]! },
        });
    }

    private Task<Answer> UploadAsync()
    {
        var type = new MediaTypeHeaderValue("application/pdf");
        var file = new ByteArrayContent("%PDF-1.7 price list"u8.ToArray()) { Headers = { ContentType = type } };
        return agent.SendAsync(HttpMethod.Post, "api/attachments", new MultipartFormDataContent { { file, "file", "list.pdf" } });
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        var (store, now) = (app.Services.GetRequiredService<IMediaStore>(), app.Clock.Now);
        return await store.ListKeysAsync(now.Year, now.Month, DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
    }
}
