using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Infrastructure.Media;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace MetaMessaging.Infrastructure.Tests.Media;

public sealed class MediaDownloaderTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media");
    private StubServer cdn = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cdn = await StubServer.StartAsync();
        services = Services([cdn.Address.Authority]);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await cdn.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_picture_is_stored_with_a_thumbnail()
    {
        var picture = Picture(1200, 600, SKEncodedImageFormat.Jpeg);
        cdn.On("GET /v/photo.jpg", Reply.Bytes(picture, "image/jpeg"));

        var media = await Download("/v/photo.jpg?oe=1", "image");

        Assert.Equal(("image/jpeg", picture.Length, "photo.jpg"), (media.ContentType, media.Size, media.FileName));
        Assert.Equal(picture, Stored(media.Key));
        using var thumbnail = SKBitmap.Decode(Stored(media.ThumbnailKey!));
        Assert.Equal((480, 240), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 3000, 10, 480, 2)]
    [InlineData(SKEncodedImageFormat.Webp, 300, 900, 160, 480)]
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 20, 40, 20)]
    public async Task A_thumbnail_keeps_the_proportions_and_is_never_larger(
        SKEncodedImageFormat format, int width, int height, int thumbWidth, int thumbHeight)
    {
        cdn.On("GET /photo", Reply.Bytes(Picture(width, height, format), null));

        var media = await Download("/photo", "image");

        using var thumbnail = SKBitmap.Decode(Stored(media.ThumbnailKey!));
        Assert.Equal((thumbWidth, thumbHeight), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(7, 1, 1)]
    [InlineData(8, 0, 1)]
    public async Task A_thumbnail_is_turned_by_its_EXIF_orientation(int orientation, int redColumn, int redRow)
    {
        cdn.On("GET /photo", Reply.Bytes(Turned(Picture(200, 100, SKEncodedImageFormat.Jpeg, redCorner: true), orientation), "image/jpeg"));

        var media = await Download("/photo", "image");

        using var thumbnail = SKBitmap.Decode(Stored(media.ThumbnailKey!));
        Assert.Equal(orientation >= 5 ? (100, 200) : (200, 100), (thumbnail.Width, thumbnail.Height));
        var red = thumbnail.GetPixel(thumbnail.Width * (1 + 2 * redColumn) / 4, thumbnail.Height * (1 + 2 * redRow) / 4);
        var opposite = thumbnail.GetPixel(thumbnail.Width * (3 - 2 * redColumn) / 4, thumbnail.Height * (3 - 2 * redRow) / 4);
        Assert.True(red.Red > 200 && red.Blue < 60, $"{red}");
        Assert.True(opposite.Red < 60 && opposite.Blue > 200, $"{opposite}");
    }

    [Fact]
    public async Task A_picture_above_50_megapixels_gets_no_thumbnail()
    {
        var bomb = PngHeader(60_000, 60_000);
        cdn.On("GET /bomb.png", Reply.Bytes(bomb, "image/png"));

        var media = await Download("/bomb.png", "image");

        using var codec = SKCodec.Create(new MemoryStream(bomb));
        Assert.Equal(60_000, codec.Info.Width);   // the file is intact
        Assert.Equal(("image/png", null), (media.ContentType, media.ThumbnailKey));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_decoded_is_stored_without_a_thumbnail()
    {
        cdn.On("GET /broken.jpg", Reply.Bytes([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], "image/jpeg"));

        Assert.Null((await Download("/broken.jpg", "image")).ThumbnailKey);
    }

    [Fact]
    public async Task A_voice_message_in_a_video_container_is_audio()
    {
        cdn.On("GET /audioclip-1.mp4", Reply.Bytes(Convert.FromHexString("00000020667479706D70343200000000"), "video/mp4"));

        Assert.Equal("audio/mp4", (await Download("/audioclip-1.mp4", "audio")).ContentType);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("video")]
    [InlineData("audio")]
    public async Task A_web_page_in_place_of_media_is_refused(string type)
    {
        cdn.On("GET /reel", Reply.Bytes("<html>log in</html>"u8.ToArray(), "text/html; charset=utf-8"));

        await Assert.ThrowsAsync<MediaRefusedException>(() => Download("/reel", type));
    }

    [Theory]
    [InlineData("image")]
    [InlineData("ig_reel")]
    public async Task A_picture_that_is_served_as_a_web_page_is_a_picture(string type)
    {
        cdn.On("GET /photo", Reply.Bytes(Picture(40, 20, SKEncodedImageFormat.Png), "text/html; charset=utf-8"));

        var media = await Download("/photo", type);

        Assert.Equal(("image/png", true), (media.ContentType, media.ThumbnailKey is not null));
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("<svg onload='alert(1)'/>")]
    public async Task Content_that_is_not_the_claimed_picture_is_stored_as_an_unknown_type(string content)
    {
        cdn.On("GET /a.jpg", Reply.Bytes(Encoding.UTF8.GetBytes(content), "image/jpeg"));

        var media = await Download("/a.jpg", "image");

        Assert.Equal(("application/octet-stream", null), (media.ContentType, media.ThumbnailKey));
    }

    [Fact]
    public async Task A_web_page_sent_as_a_file_is_stored()
    {
        cdn.On("GET /page.html", Reply.Bytes("<html>"u8.ToArray(), "text/html"));

        Assert.Equal("application/octet-stream", (await Download("/page.html", "file")).ContentType);
    }

    [Fact]
    public async Task Compressed_content_is_not_decompressed()
    {
        byte[] gzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0];
        cdn.On("GET /bomb", Reply.Bytes(gzip, "text/plain", ("Content-Encoding", "gzip")));

        Assert.Equal(gzip.Length, (await Download("/bomb", "file")).Size);
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(401, false)]
    [InlineData(302, false)]   // without saying where to
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task The_status_decides_whether_a_download_is_tried_again(int status, bool mayRecover)
    {
        cdn.On("GET /a.jpg", Reply.Status(status));

        Assert.Equal(mayRecover, (await Unavailable("/a.jpg")).MayRecover);
    }

    [Fact]
    public async Task An_empty_file_is_not_tried_again()
    {
        cdn.On("GET /a.jpg", Reply.Bytes([], "image/jpeg"));

        var unavailable = await Unavailable("/a.jpg");

        Assert.Equal(("The file is empty.", false), (unavailable.Message, unavailable.MayRecover));
    }

    [Fact]
    public async Task An_unreachable_server_may_be_tried_again()
    {
        var address = cdn.Address;
        await cdn.DisposeAsync();

        var unavailable = await Assert.ThrowsAsync<MediaUnavailableException>(
            () => Downloader.DownloadAsync(address, "image", withThumbnail: true, Cancellation));

        Assert.True(unavailable.MayRecover);
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_a_sixth_is_not()
    {
        for (var i = 0; i < 6; i++) cdn.On($"GET /{i}", Reply.Redirect($"/{i + 1}"));
        cdn.On("GET /6", Reply.Bytes("%PDF-1.7"u8.ToArray(), null));

        Assert.Equal("application/pdf", (await Download("/1", "file")).ContentType);
        await Assert.ThrowsAsync<MediaRefusedException>(() => Download("/0", "file"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://evil.example/a.jpg")]
    [InlineData("//evil.example/a.jpg")]
    public async Task A_redirect_is_checked_like_the_first_address(string target)
    {
        cdn.On("GET /a.jpg", Reply.Redirect(target));

        await Assert.ThrowsAsync<MediaRefusedException>(() => Download("/a.jpg", "image"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fd00::1")]
    public async Task A_Meta_host_that_resolves_to_a_private_address_is_refused(string resolved)
    {
        await using var misled = Services(["fbcdn.net"], resolve: IPAddress.Parse(resolved));

        var refused = await Assert.ThrowsAsync<MediaRefusedException>(() => misled.GetRequiredService<IMediaDownloader>()
            .DownloadAsync(new Uri("https://scontent.fbcdn.net/a.jpg"), "image", withThumbnail: true, Cancellation));

        Assert.Contains("public internet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_host_configured_with_its_port_may_resolve_to_a_private_address()
    {
        cdn.On("GET /a.pdf", Reply.Bytes("%PDF-1.7"u8.ToArray(), null));
        await using var named = Services([$"cdn.internal:{cdn.Address.Port}"], resolve: IPAddress.Loopback);

        await using var media = await named.GetRequiredService<IMediaDownloader>()
            .DownloadAsync(new Uri($"http://cdn.internal:{cdn.Address.Port}/a.pdf"), "file", withThumbnail: true, Cancellation);

        Assert.Equal("application/pdf", media.Media.ContentType);
    }

    [Fact]
    public async Task A_body_above_the_maximum_is_cut_off_and_not_kept()
    {
        await using var small = Services([cdn.Address.Authority], options => options.MaxBytes = 1_000_000);
        cdn.On("GET /endless", async context =>
        {
            var block = new byte[65536];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        });

        await Assert.ThrowsAsync<MediaRefusedException>(() => small.GetRequiredService<IMediaDownloader>()
            .DownloadAsync(new Uri(cdn.Address, "/endless"), "file", withThumbnail: true, Cancellation));

        Assert.Empty(folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("image", 25)]
    [InlineData("video", 100)]
    public async Task A_content_length_above_the_maximum_is_refused_before_reading(string type, int megabytes)
    {
        cdn.On("GET /large", context =>
        {
            context.Response.ContentLength = megabytes * 1024L * 1024 + 1;
            return context.Response.StartAsync(context.RequestAborted);
        });

        var refused = await Assert.ThrowsAsync<MediaRefusedException>(() => Download("/large", type));

        Assert.Contains($"{megabytes} MB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_shorter_than_its_content_length_may_be_tried_again()
    {
        cdn.On("GET /short", async context =>
        {
            context.Response.ContentLength = 100_000;
            await context.Response.Body.WriteAsync(new byte[50_000], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        Assert.True((await Unavailable("/short")).MayRecover);
        Assert.Empty(folder.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_stalled_download_may_be_tried_again()
    {
        await using var hasty = Services([cdn.Address.Authority], options => options.StallTimeout = TimeSpan.FromMilliseconds(200));
        cdn.On("GET /slow", async context =>
        {
            await context.Response.Body.WriteAsync(new byte[1000], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Reply.Silence(context);
        });

        var unavailable = await Assert.ThrowsAsync<MediaUnavailableException>(() => hasty.GetRequiredService<IMediaDownloader>()
            .DownloadAsync(new Uri(cdn.Address, "/slow"), "file", withThumbnail: true, Cancellation));

        Assert.True(unavailable.MayRecover);
    }

    [Fact]
    public async Task A_download_sends_no_headers_of_ours()
    {
        cdn.On("GET /a.pdf", context =>
        {
            context.Response.Cookies.Append("session", "1");
            return Reply.Bytes("%PDF-1.7"u8.ToArray(), null)(context);
        });
        HeaderDictionary? sent = null;
        cdn.On("GET /b.pdf", context =>
        {
            sent = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return Reply.Bytes("%PDF-1.7"u8.ToArray(), null)(context);
        });

        await Download("/a.pdf", "file");
        await Download("/b.pdf", "file");

        Assert.Equal(["Host"], sent!.Keys);
    }

    [Fact]
    public void Hosts_may_be_separated_by_commas()
    {
        using var configured = Services(["fbcdn.net, localhost:5090"]);

        configured.GetRequiredService<MediaHosts>().EnsureAllowed(new Uri("http://localhost:5090/a.jpg"));
    }

    private IMediaDownloader Downloader => services.GetRequiredService<IMediaDownloader>();

    private async Task<StoredMedia> Download(string path, string type)
    {
        await using var downloaded = await Downloader.DownloadAsync(new Uri(cdn.Address, path), type, withThumbnail: true, Cancellation);
        downloaded.Publish();
        downloaded.Keep();
        return downloaded.Media;
    }

    private Task<MediaUnavailableException> Unavailable(string path) =>
        Assert.ThrowsAsync<MediaUnavailableException>(() => Download(path, "image"));

    private byte[] Stored(string key)
    {
        using var file = File.OpenRead(Path.Combine(folder.FullName, key));
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }

    private ServiceProvider Services(string[] hosts, Action<MediaOptions>? configure = null, IPAddress? resolve = null)
    {
        var settings = hosts is [var only] && only.Contains(',', StringComparison.Ordinal)
            ? new Dictionary<string, string?> { ["Meta:MediaHosts"] = only }
            : hosts.Select((host, i) => ($"Meta:MediaHosts:{i}", host)).ToDictionary(s => s.Item1, s => (string?)s.host);
        settings["Storage:Path"] = folder.FullName;

        var collection = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 18, 17, 0, TimeSpan.Zero)))
            .AddMedia(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        if (configure is not null) collection.PostConfigure(configure);
        if (resolve is not null) collection.AddSingleton<PublicConnections.Resolve>((_, _) => Task.FromResult<IPAddress[]>([resolve]));
        return collection.BuildServiceProvider(validateScopes: true);
    }

    private static byte[] Picture(int width, int height, SKEncodedImageFormat format, bool redCorner = false)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var red = new SKPaint { Color = SKColors.Red };
        canvas.Clear(SKColors.Blue);
        if (redCorner) canvas.DrawRect(0, 0, width / 2f, height / 2f, red);
        canvas.Flush();
        using var encoded = bitmap.Encode(format, 95);
        return encoded.ToArray();
    }

    /// <summary>The same JPEG with an EXIF orientation.</summary>
    private static byte[] Turned(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    private static byte[] PngHeader(int width, int height)
    {
        var chunk = new byte[17];
        "IHDR"u8.CopyTo(chunk);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(8), height);
        (chunk[12], chunk[13]) = (8, 6);
        var check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32.HashToUInt32(chunk));
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. chunk, .. check, 0, 0, 0, 0, .. "IDAT"u8, 0x35, 0xAF, 0x06, 0x1E];
    }
}
