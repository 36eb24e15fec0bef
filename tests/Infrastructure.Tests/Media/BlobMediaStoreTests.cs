using System.Diagnostics;
using Azure.Storage.Sas;
using MetaMessaging.Application.Common;
using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Tests.Media;

/// <summary>Against Azurite; each test has a container of its own.</summary>
public sealed class BlobMediaStoreTests(Azurite azurite) : MediaStoreTests, IClassFixture<Azurite>, IAsyncLifetime
{
    private readonly string container = $"media-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync() => await Store().PrepareAsync(Cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_the_container_it_says_so_and_the_next_start_creates_it()
    {
        await BlobMediaStore.Connect(OptionsOf(azurite.ConnectionString)).DeleteAsync(cancellationToken: Cancellation);
        Assert.Equal("The container of media does not exist.", await Store().FindProblemAsync(Cancellation));
        await Assert.ThrowsAsync<UnavailableException>(() => KeepAsync("hello"));

        await Store().PrepareAsync(Cancellation);

        Assert.Null(await Store().FindProblemAsync(Cancellation));
    }

    [Fact]
    public async Task A_shared_access_signature_of_the_container_is_enough()
    {
        var signed = BlobMediaStore.Connect(OptionsOf(azurite.ConnectionString)).GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Delete
                | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        var account = signed.GetLeftPart(UriPartial.Path)[..^(container.Length + 1)];
        var store = new BlobMediaStore(
            Options.Create(OptionsOf($"BlobEndpoint={account};SharedAccessSignature={signed.Query[1..]}")), Clock);

        await store.PrepareAsync(Cancellation);
        await WriteAsync(store);

        Assert.Null(await store.FindProblemAsync(Cancellation));
    }

    [Fact]
    public async Task While_the_storage_is_away_everything_is_refused_in_time()
    {
        var key = await KeepAsync("hello");
        await using var opened = (await Store().OpenReadAsync(key, Cancellation))!;
        await using var away = new Azurite();
        var store = new BlobMediaStore(Options.Create(OptionsOf(away.ConnectionString)), Clock);   // nothing listens there
        var began = Stopwatch.GetTimestamp();

        Func<Task>[] calls =
        [
            () => store.OpenReadAsync(key, Cancellation), () => store.DeleteAsync([key], Cancellation),
            () => store.ListKeysAsync(2026, 11, DateTimeOffset.MaxValue, Cancellation), () => WriteAsync(store),
        ];
        foreach (var call in calls)
            Assert.Equal(UnavailableException.StorageCode, (await Assert.ThrowsAsync<UnavailableException>(call)).Code);
        Assert.NotNull(await store.FindProblemAsync(Cancellation));
        var refused = await Assert.ThrowsAsync<SettingException>(() => store.PrepareAsync(Cancellation));
        Assert.StartsWith("Storage:ConnectionString: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AccountKey", refused.ToString(), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20) * Deadline.Slowdown);
    }

    [Theory]
    [InlineData("Storage:ConnectionString", "")]
    [InlineData("Storage:ConnectionString", "AccountKey=topsecret")]
    [InlineData("Storage:ConnectionString", "nonsense topsecret")]
    [InlineData("Storage:Container", "My Media")]
    [InlineData("Storage:Container", "a--b")]
    public void A_setting_that_cannot_work_is_named_and_not_repeated(string key, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Storage:Provider"] = "AzureBlob", ["Storage:ConnectionString"] = azurite.ConnectionString, [key] = value,
        };
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging()
            .AddMedia(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

        var invalid = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MediaOptions>>().Value);

        Assert.StartsWith(key, Assert.Single(invalid.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", invalid.ToString(), StringComparison.Ordinal);
    }

    private protected override MediaStore Store() => new BlobMediaStore(Options.Create(OptionsOf(azurite.ConnectionString)), Clock);

    private MediaOptions OptionsOf(string connectionString) =>
        new() { Provider = MediaProvider.AzureBlob, ConnectionString = connectionString, Container = container };

    private static async Task WriteAsync(BlobMediaStore store)
    {
        await using var draft = store.Begin();
        await draft.WriteAsync("hello"u8.ToArray(), Cancellation);
        await draft.CompleteAsync(Cancellation);
    }
}
