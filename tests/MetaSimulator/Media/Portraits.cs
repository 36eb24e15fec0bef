using System.Collections.Concurrent;
using System.Text;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>Pictures for people and Pages: their initials on a gradient that is always the same for the same id.</summary>
internal sealed class Portraits(Platform platform)
{
    private const int Size = 192;

    private static readonly (int Top, int Bottom)[] Gradients =
    [
        (0x5B8DEF, 0x2C4FC4), (0xF2709C, 0xC13584), (0x38B2AC, 0x1D6F8B), (0xF6A15B, 0xD9572B), (0x9F7AEA, 0x5A3FC0),
        (0x68C27A, 0x2C8A57), (0xE5677E, 0xA62B5A), (0x4AA3DF, 0x1B5FA8), (0xD9A441, 0xA5681A), (0x7F8CA8, 0x46536F),
    ];

    private readonly ConcurrentDictionary<(string Id, string Name), byte[]> _drawn = new();

    public byte[] Of(string id) => _drawn.GetOrAdd((id, NameOf(id)), static key => Draw(key.Name, key.Id));

    private string NameOf(string id) =>
        platform.FindCustomer(id)?.Name
        ?? platform.Pages.GetValueOrDefault(id)?.Name
        ?? platform.FindPageByInstagram(id)?.Instagram?.Name
        ?? platform.Persons.GetValueOrDefault(id)?.Name
        ?? "";

    private static byte[] Draw(string name, string id)
    {
        var (top, bottom) = Gradients[Hash(id) % Gradients.Length];
        var strokes = StrokeFont.Layout(Initials(name));
        var rgb = new byte[Size * Size * 3];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var shade = (x * 0.35 + y) / (Size * 1.35);
                var ink = StrokeFont.Coverage(strokes, (x + 0.5) / Size, (y + 0.5) / Size, 1.0 / Size);
                for (var channel = 0; channel < 3; channel++)
                {
                    var shift = 16 - channel * 8;
                    var ground = ((top >> shift) & 0xFF) * (1 - shade) + ((bottom >> shift) & 0xFF) * shade;
                    rgb[(y * Size + x) * 3 + channel] = (byte)(ground + (255 - ground) * ink);
                }
            }
        }

        return Png.Encode(Size, Size, rgb);
    }

    /// <summary>First letters of the first and last word, without their accents: the font has A to Z.</summary>
    private static string Initials(string name)
    {
        var words = name.Normalize(NormalizationForm.FormD).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.FirstOrDefault(char.IsAsciiLetterOrDigit)).Where(letter => letter is not '\0').ToList();
        return words.Count is 0 ? "" : words.Count is 1 ? $"{char.ToUpperInvariant(words[0])}" : $"{char.ToUpperInvariant(words[0])}{char.ToUpperInvariant(words[^1])}";
    }

    private static int Hash(string text) => (int)(text.Aggregate(2166136261u, (hash, unit) => unchecked((hash ^ unit) * 16777619)) >> 4);
}
