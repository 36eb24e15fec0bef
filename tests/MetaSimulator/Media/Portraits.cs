using System.Collections.Concurrent;
using System.Text;
using MetaMessaging.MetaSimulator.State;
using SkiaSharp;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>Pictures of people and Pages: their initials on a gradient that depends on nothing but the id.</summary>
internal sealed class Portraits(Platform platform)
{
    private const int Size = 192;
    private const float LetterWidth = 42;
    private const float LetterHeight = 65;
    private const float LetterSpacing = 16;

    private static readonly (uint Top, uint Bottom)[] Gradients =
    [
        (0xFF5B8DEF, 0xFF2C4FC4), (0xFFF2709C, 0xFFC13584), (0xFF38B2AC, 0xFF1D6F8B), (0xFFF6A15B, 0xFFD9572B), (0xFF9F7AEA, 0xFF5A3FC0),
        (0xFF68C27A, 0xFF2C8A57), (0xFFE5677E, 0xFFA62B5A), (0xFF4AA3DF, 0xFF1B5FA8), (0xFFD9A441, 0xFFA5681A), (0xFF7F8CA8, 0xFF46536F),
    ];

    /// <summary>
    /// SVG paths in a box of 1 by 1. A font would have to be installed, and different machines would draw different pictures.
    /// </summary>
    private static readonly Dictionary<char, string> LetterPaths = new()
    {
        ['A'] = "M0,1L0.5,0L1,1M0.19,0.63L0.81,0.63",
        ['B'] = "M0,0L0,1M0,0L0.5,0A0.4,0.25 0 0,1 0.5,0.5L0,0.5M0.5,0.5L0.55,0.5A0.45,0.25 0 0,1 0.55,1L0,1",
        ['C'] = "M0.92,0.87A0.55,0.5 0 1,1 0.92,0.13",
        ['D'] = "M0,0L0,1M0,0L0.4,0A0.6,0.5 0 0,1 0.4,1M0.4,1L0,1",
        ['E'] = "M0.9,0L0,0L0,1L0.9,1M0,0.48L0.78,0.48",
        ['F'] = "M0.9,0L0,0L0,1M0,0.48L0.75,0.48",
        ['G'] = "M1.09,0.6A0.55,0.5 0 1,1 0.92,0.13M0.6,0.56L1.08,0.56",
        ['H'] = "M0,0L0,1M1,0L1,1M0,0.49L1,0.49",
        ['I'] = "M0.5,0L0.5,1",
        ['J'] = "M0.8,0L0.8,0.68A0.38,0.32 0 0,1 0.05,0.76",
        ['K'] = "M0,0L0,1M0.95,0L0,0.62M0.3,0.43L1,1",
        ['L'] = "M0,0L0,1L0.9,1",
        ['M'] = "M0,1L0,0L0.5,0.62L1,0L1,1",
        ['N'] = "M0,1L0,0L1,1L1,0",
        ['O'] = "M1.05,0.5A0.55,0.5 0 0,1 -0.05,0.5A0.55,0.5 0 0,1 1.05,0.5",
        ['P'] = "M0,1L0,0L0.5,0A0.45,0.28 0 0,1 0.5,0.56L0,0.56",
        ['Q'] = "M1.05,0.5A0.55,0.5 0 0,1 -0.05,0.5A0.55,0.5 0 0,1 1.05,0.5M0.66,0.7L1.02,1.04",
        ['R'] = "M0,1L0,0L0.5,0A0.45,0.27 0 0,1 0.5,0.54L0,0.54M0.48,0.54L0.98,1",
        ['S'] = "M0.5,0.5A0.43,0.25 0 1,1 0.89,0.14M0.5,0.5A0.46,0.25 0 1,1 0.08,0.86",
        ['T'] = "M0,0L1,0M0.5,0L0.5,1",
        ['U'] = "M0,0L0,0.55M1,0.55A0.5,0.45 0 0,1 0,0.55M1,0.55L1,0",
        ['V'] = "M0,0L0.5,1L1,0",
        ['W'] = "M-0.1,0L0.2,1L0.5,0.3L0.8,1L1.1,0",
        ['X'] = "M0,0L1,1M1,0L0,1",
        ['Y'] = "M0,0L0.5,0.5L1,0M0.5,0.5L0.5,1",
        ['Z'] = "M0,0L1,0L0,1L1,1",
    };

    private readonly ConcurrentDictionary<(string Id, string Name), byte[]> _pictures = new();

    public byte[] Of(string id) => _pictures.GetOrAdd((id, NameOf(id)), static key => Draw(key.Name, key.Id));

    private string NameOf(string id) =>
        platform.FindCustomer(id)?.Name
        ?? platform.Pages.GetValueOrDefault(id)?.Name
        ?? platform.FindPageByInstagram(id)?.Instagram?.Name
        ?? platform.Persons.GetValueOrDefault(id)?.Name
        ?? "";

    private static byte[] Draw(string name, string id)
    {
        var (top, bottom) = Gradients[Hash(id) % Gradients.Length];
        using var surface = SKSurface.Create(new SKImageInfo(Size, Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var gradient = SKShader.CreateLinearGradient(new(0, 0), new(60, Size), [new(top), new(bottom)], SKShaderTileMode.Clamp);
        using var background = new SKPaint { Shader = gradient };
        surface.Canvas.DrawPaint(background);

        using var pen = new SKPaint
        {
            Color = SKColors.White,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 10,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
        };
        var initials = Initials(name);
        var left = (Size - initials.Length * (LetterWidth + LetterSpacing) + LetterSpacing) / 2;
        foreach (var letter in initials)
        {
            using var path = SKPath.ParseSvgPathData(LetterPaths.GetValueOrDefault(letter, ""));
            path.Transform(SKMatrix.CreateScaleTranslation(LetterWidth, LetterHeight, left, (Size - LetterHeight) / 2));
            surface.Canvas.DrawPath(path, pen);
            left += LetterWidth + LetterSpacing;
        }

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    /// <summary>The first letters of the first and the last word, without accents: there are paths for A to Z only.</summary>
    private static string Initials(string name)
    {
        var letters = name.Normalize(NormalizationForm.FormD).ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.FirstOrDefault(LetterPaths.ContainsKey)).Where(letter => letter is not '\0').ToList();
        return letters.Count < 2 ? string.Concat(letters) : $"{letters[0]}{letters[^1]}";
    }

    private static int Hash(string text) => (int)(text.Aggregate(2166136261u, (hash, unit) => unchecked((hash ^ unit) * 16777619)) >> 4);
}
