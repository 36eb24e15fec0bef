using Microsoft.Extensions.Logging;
using SkiaSharp;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Small pictures for the inbox. Nice to have: whatever goes wrong costs the thumbnail only.</summary>
internal sealed partial class Thumbnails(MediaStore store, ILogger<Thumbnails> logger) : IDisposable
{
    public const int MaxSide = 480;

    private const long MaxPixels = 50_000_000;
    private const int Quality = 80;

    /// <summary>A large picture takes 200 MB while it is decoded; one at a time is fast enough.</summary>
    private readonly SemaphoreSlim oneAtATime = new(1);

    public static bool CanBeMadeOf(string contentType) => contentType is "image/jpeg" or "image/png" or "image/gif" or "image/webp";

    /// <returns>Its key; null when there is none.</returns>
    public async Task<string?> TryMakeAsync(string key)
    {
        await oneAtATime.WaitAsync();
        try
        {
            using var encoded = Make(key);
            if (encoded is null) return null;

            await using var draft = store.Begin();
            encoded.SaveTo(draft.Content);
            return await draft.KeepAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Pictures from strangers break decoders in every way.
            LogNoThumbnail(exception, key);
            return null;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private SKData? Make(string key)
    {
        using var file = store.OpenRead(key);
        using var codec = file is null ? null : SKCodec.Create(file);

        // The size is in the header; nothing has been decoded yet.
        if (codec is null || (long)codec.Info.Width * codec.Info.Height is <= 0 or > MaxPixels) return null;

        var scale = Math.Min(1f, (float)MaxSide / Math.Max(codec.Info.Width, codec.Info.Height));

        // JPEG decodes to so many eighths at once, never fewer than are needed; PNG and GIF to their full size.
        var near = codec.GetScaledDimensions(MathF.Ceiling(scale * 8) / 8);
        using var decoded = new SKBitmap(new SKImageInfo(near.Width, near.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(decoded.Info, decoded.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput)) return null;

        using var upright = Draw(decoded, codec.EncodedOrigin);
        using var image = SKImage.FromBitmap(upright);
        return image.Encode(SKEncodedImageFormat.Webp, Quality);
    }

    /// <summary>Scaled down, and turned the way the camera was held.</summary>
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

    /// <summary>From the picture as stored, so many points wide and high, to the picture as seen (EXIF orientation).</summary>
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

    [LoggerMessage(LogLevel.Information, "No thumbnail of {Key}")]
    private partial void LogNoThumbnail(Exception exception, string key);
}
