using MetaMessaging.Infrastructure.Media;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Tests.Media;

public sealed class FolderMediaStoreTests : MediaStoreTests, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_draft_has_no_key_before_it_is_published_and_no_file_after_it_is_disposed()
    {
        await using (var draft = Store().Begin())
        {
            await draft.WriteAsync("hello"u8.ToArray(), Cancellation);
            await draft.CompleteAsync(Cancellation);
            Assert.Null(await Store().OpenReadAsync(draft.Key, Cancellation));
        }

        Assert.Empty(folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Drafts_left_by_a_crash_are_deleted_after_a_day()
    {
        var incoming = folder.CreateSubdirectory(".incoming").FullName;
        await File.WriteAllTextAsync(Path.Combine(incoming, "old"), "", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "old"), Clock.GetUtcNow().AddHours(-25).UtcDateTime);
        await File.WriteAllTextAsync(Path.Combine(incoming, "new"), "", Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(incoming, "new"), Clock.GetUtcNow().AddHours(-23).UtcDateTime);

        await KeepAsync("hello");

        Assert.Equal(["new"], Directory.EnumerateFiles(incoming).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_outside_of_the_folder_is_never_deleted()
    {
        var secret = Path.Combine(folder.Parent!.FullName, $"{folder.Name}-secret");
        await File.WriteAllTextAsync(secret, "secret", Cancellation);

        await Store().DeleteAsync([$"../{folder.Name}-secret", $"2026/11/../../../{folder.Name}-secret", secret], Cancellation);

        Assert.True(File.Exists(secret));
        File.Delete(secret);
    }

    private protected override MediaStore Store() =>
        new FolderMediaStore(Options.Create(new MediaOptions { StoragePath = folder.FullName }), Clock);
}
