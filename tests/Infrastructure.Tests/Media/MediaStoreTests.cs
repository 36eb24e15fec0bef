using System.Text;
using MetaMessaging.Infrastructure.Media;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Media;

/// <summary>What each store of media promises.</summary>
public abstract class MediaStoreTests
{
    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 18, 17, 0, TimeSpan.Zero));

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty one, of this test; another instance on the same files at each call.</summary>
    private protected abstract MediaStore Store();

    [Fact]
    public async Task A_kept_file_is_read_back_under_a_random_key()
    {
        var key = await KeepAsync("hello");

        Assert.Matches("^2026/11/[0-9a-f]{32}$", key);
        Assert.Equal("hello", Encoding.UTF8.GetString((await ReadAsync(key))!));
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(3 * 1024 * 1024 + 17)]
    public async Task A_large_file_is_the_same_afterwards_and_can_be_read_from_any_position(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var key = await KeepAsync(bytes);

        Assert.Equal(bytes, await ReadAsync(key));
        await using var content = (await Store().OpenReadAsync(key, Cancellation))!;
        Assert.Equal((length, true), (content.Length, content.CanSeek));
        foreach (var position in new[] { length - 5, 3, length / 2 })
        {
            var part = new byte[5];
            content.Seek(position, SeekOrigin.Begin);
            await content.ReadExactlyAsync(part, Cancellation);
            Assert.Equal(bytes.AsSpan(position, 5).ToArray(), part);
        }
    }

    [Fact]
    public async Task Deleted_files_cannot_be_read()
    {
        string[] keys = [await KeepAsync("one"), await KeepAsync("two")];
        var other = await KeepAsync("three");

        await Store().DeleteAsync(keys, Cancellation);
        await Store().DeleteAsync(keys, Cancellation);

        foreach (var key in keys) Assert.Null(await Store().OpenReadAsync(key, Cancellation));
        Assert.NotNull(await ReadAsync(other));
    }

    [Fact]
    public async Task A_months_files_are_listed_when_they_are_old_enough()
    {
        var key = await KeepAsync("hello");
        var kept = DateTimeOffset.UtcNow;

        Assert.Equal([key], await Store().ListKeysAsync(2026, 11, kept.AddMinutes(1), Cancellation));
        Assert.Empty(await Store().ListKeysAsync(2026, 11, kept.AddMinutes(-1), Cancellation));
        Assert.Empty(await Store().ListKeysAsync(2026, 10, kept.AddMinutes(1), Cancellation));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Nothing_is_left_of_a_draft_that_is_not_kept(bool isComplete, bool isPublished)
    {
        string key;
        await using (var draft = Store().Begin())
        {
            key = draft.Key;
            await draft.WriteAsync("half a fi"u8.ToArray(), Cancellation);
            if (isComplete) await draft.CompleteAsync(Cancellation);
            if (isPublished) draft.Publish();
        }

        Assert.Null(await Store().OpenReadAsync(key, Cancellation));
        Assert.Empty(await Store().ListKeysAsync(2026, 11, DateTimeOffset.MaxValue, Cancellation));
    }

    [Fact]
    public async Task A_complete_draft_can_be_read()
    {
        await using var draft = Store().Begin();
        await draft.WriteAsync("hello"u8.ToArray(), Cancellation);
        await draft.CompleteAsync(Cancellation);

        await using var content = await draft.OpenReadAsync(Cancellation);

        Assert.Equal("hello", await new StreamReader(content).ReadToEndAsync(Cancellation));
        Assert.Equal(5, draft.Length);
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
        Assert.Null(await Store().OpenReadAsync(key, Cancellation));
        await Store().DeleteAsync([key], Cancellation);
    }

    [Fact]
    public async Task It_can_be_prepared_again_and_has_no_problem()
    {
        await Store().PrepareAsync(Cancellation);
        await Store().PrepareAsync(Cancellation);

        Assert.Null(await Store().FindProblemAsync(Cancellation));
    }

    private protected Task<string> KeepAsync(string text) => KeepAsync(Encoding.UTF8.GetBytes(text));

    private protected async Task<string> KeepAsync(byte[] content)
    {
        await using var draft = Store().Begin();
        foreach (var part in content.Chunk(81920)) await draft.WriteAsync(part, Cancellation);
        await draft.CompleteAsync(Cancellation);
        draft.Publish();
        draft.Keep();
        return draft.Key;
    }

    private protected async Task<byte[]?> ReadAsync(string key)
    {
        await using var content = await Store().OpenReadAsync(key, Cancellation);
        if (content is null) return null;
        using var all = new MemoryStream();
        await content.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }
}
