using System.Text;
using MetaMessaging.Infrastructure.Media;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Media;

public sealed class MediaStoreTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media");
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 18, 17, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_kept_file_is_read_back_under_a_random_key()
    {
        var key = await Keep("hello");

        Assert.Matches("^2026/11/[0-9a-f]{32}$", key);
        using var reader = new StreamReader(Store().OpenRead(key)!);
        Assert.Equal("hello", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task A_deleted_file_cannot_be_read()
    {
        var key = await Keep("hello");

        Store().Delete(key);
        Store().Delete(key);

        Assert.Null(Store().OpenRead(key));
    }

    [Fact]
    public async Task A_months_files_are_listed_when_they_are_old_enough()
    {
        var key = await Keep("hello");
        var kept = DateTimeOffset.UtcNow;

        Assert.Equal([key], Store().KeysOf(2026, 11, kept.AddMinutes(1)));
        Assert.Empty(Store().KeysOf(2026, 11, kept.AddMinutes(-1)));
        Assert.Empty(Store().KeysOf(2026, 10, kept.AddMinutes(1)));
    }

    [Fact]
    public async Task A_draft_that_is_not_kept_is_deleted()
    {
        await using (var draft = Store().Begin())
        {
            await draft.Content.WriteAsync("half a fi"u8.ToArray(), Cancellation);
        }

        Assert.Empty(folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Drafts_left_by_a_crash_are_deleted_after_a_day()
    {
        var incoming = folder.CreateSubdirectory(".incoming").FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, "old"), "", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "old"), clock.GetUtcNow().AddHours(-25).UtcDateTime);
        await File.WriteAllTextAsync(Path.Combine(incoming, "new"), "", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "new"), clock.GetUtcNow().AddHours(-23).UtcDateTime);

        await Keep("hello");

        Assert.Equal(["new"], Directory.EnumerateFiles(incoming).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("2026/11/../../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("2026/11/..")]
    [InlineData("2026\\11\\0123456789abcdef0123456789abcdef")]
    [InlineData("2026/11/0123456789abcdef0123456789abcdef\n")]
    [InlineData("2026/11/0123456789ABCDEF0123456789ABCDEF")]
    [InlineData(".incoming/0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    public async Task A_key_of_another_format_opens_and_deletes_nothing(string key)
    {
        var secret = Path.Combine(folder.Parent!.FullName, "secret");
        await File.WriteAllTextAsync(secret, "secret", Cancellation);

        Assert.Null(Store().OpenRead(key));
        Store().Delete(key);

        Assert.True(File.Exists(secret));
    }

    private async Task<string> Keep(string text)
    {
        await using var draft = Store().Begin();
        await draft.Content.WriteAsync(Encoding.UTF8.GetBytes(text), Cancellation);
        return await draft.KeepAsync(Cancellation);
    }

    private MediaStore Store() => new(Options.Create(new MediaOptions { StoragePath = folder.FullName }), clock);
}
