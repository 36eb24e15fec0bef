using SkiaSharp;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Makes small pictures for the inbox. A picture that cannot be decoded is stored without a thumbnail.</summary>
internal sealed partial class Thumbnails(MediaStore store, ILogger<Thumbnails> logger) : IDisposable
{
    public const int MaxSide = 480;

    private const long MaxPixels = 50_000_000;

    /// <summary>As large as pictures may be; larger ones came as other files. It is read into memory.</summary>
    private const long MaxBytes = 25 * 1024 * 1024;

    private const int Quality = 80;

    /// <summary>One at a time, because decoding a picture of 50 million pixels takes 200 MB.</summary>
    private readonly SemaphoreSlim decoding = new(1);

    public static bool CanBeMadeOf(string contentType) => contentType is "image/jpeg" or "image/png" or "image/gif" or "image/webp";

    public async Task<MediaDraft?> TryMakeAsync(MediaDraft picture)
    {
        if (picture.Length > MaxBytes) return null;
        await decoding.WaitAsync();
        MediaDraft? thumbnail = null;
        try
        {
            using var encoded = Make(await ReadAsync(picture));
            if (encoded is null) return null;

            thumbnail = store.Begin();
            await thumbnail.WriteAsync(encoded.ToArray(), CancellationToken.None);
            await thumbnail.CompleteAsync(CancellationToken.None);
            return thumbnail;
        }
        catch (Exception exception)
        {
            // Decoders fail on malformed pictures with exceptions of many types.
            LogNoThumbnail(exception, picture.Key);
            if (thumbnail is not null) await thumbnail.DisposeAsync();
            return null;
        }
        finally
        {
            decoding.Release();
        }
    }

    public void Dispose() => decoding.Dispose();

    /// <summary>The decoder reads synchronously, which a blob does not allow.</summary>
    private static async Task<SKData> ReadAsync(MediaDraft picture)
    {
        await using var content = await picture.OpenReadAsync(CancellationToken.None);
        using var bytes = new MemoryStream((int)content.Length);
        await content.CopyToAsync(bytes);
        return SKData.CreateCopy(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static SKData? Make(SKData picture)
    {
        using var file = picture;
        using var codec = SKCodec.Create(file);

        // The size is read from the header; nothing has been decoded yet.
        if (codec is null || (long)codec.Info.Width * codec.Info.Height is <= 0 or > MaxPixels) return null;

        var scale = Math.Min(1f, (float)MaxSide / Math.Max(codec.Info.Width, codec.Info.Height));

        // JPEG can be decoded to eighths of its size, so to the next one above; PNG and GIF decode to their full size.
        var size = codec.GetScaledDimensions(MathF.Ceiling(scale * 8) / 8);
        using var decoded = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(decoded.Info, decoded.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput)) return null;

        using var upright = Draw(decoded, codec.EncodedOrigin);
        using var image = SKImage.FromBitmap(upright);
        return image.Encode(SKEncodedImageFormat.Webp, Quality);
    }

    private static SKBitmap Draw(SKBitmap picture, SKEncodedOrigin origin)
    {
        var scale = Math.Min(1f, (float)MaxSide / Math.Max(picture.Width, picture.Height));
        var width = Math.Max(1, (int)MathF.Round(picture.Width * scale));
        var height = Math.Max(1, (int)MathF.Round(picture.Height * scale));
        var isTurned = origin
            is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var upright = new SKBitmap(isTurned ? height : width, isTurned ? width : height);

        using var canvas = new SKCanvas(upright);
        using var image = SKImage.FromBitmap(picture);
        canvas.Clear(SKColors.Transparent);
        canvas.Concat(Turn(origin, width, height));
        canvas.DrawImage(image, SKRect.Create(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return upright;
    }

    private static SKMatrix Turn(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    [LoggerMessage(LogLevel.Information, "No thumbnail could be made of the file {Key}; it is shown without one")]
    private partial void LogNoThumbnail(Exception exception, string key);
}
