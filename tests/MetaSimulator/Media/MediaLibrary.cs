using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>
/// What the platform hosts, under signed addresses that expire like those of Meta's CDN (platform reference, Downloads → Expiry).
/// </summary>
internal sealed class MediaLibrary(Platform platform)
{
    // Profile pictures outlive messages' media: "after a few days".
    private static readonly TimeSpan PortraitLifetime = TimeSpan.FromDays(3);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, MediaFile> _files = new(StringComparer.Ordinal);

    public Portraits Portraits { get; } = new(platform);

    public MediaFile Store(byte[] content, string contentType, string fileName, bool noStore = false)
    {
        var file = new MediaFile(Ids.Digits("17", 16), content, contentType, fileName, noStore);
        _files[file.Id] = file;
        return file;
    }

    public MediaFile? Find(string id) => _files.GetValueOrDefault(id);

    /// <summary>Removes the media of an unsent message.</summary>
    public void Remove(string id) => _files.TryRemove(id, out _);

    /// <summary>A freshly signed address of a stored file.</summary>
    public string Address(string id)
    {
        var name = _files.TryGetValue(id, out var file) ? file.FileName : "gone";
        return Sign($"media/{id}/{Uri.EscapeDataString(name)}", TimeSpan.FromSeconds(platform.Settings.Behaviour.MediaLifetimeSeconds));
    }

    public string PortraitAddress(string ownerId) => Sign($"media/profiles/{ownerId}.png", PortraitLifetime);

    /// <returns>False when the signature is wrong or the address has expired.</returns>
    public bool IsValid(string path, string? expires, string? signature) =>
        long.TryParse(expires, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var until)
        && until > platform.Clock.NowSeconds
        && signature == Signature(path, expires!);

    private string Sign(string path, TimeSpan lifetime)
    {
        var expires = (platform.Clock.NowSeconds + (long)lifetime.TotalSeconds).ToString("X", CultureInfo.InvariantCulture);
        return $"{platform.BaseAddress}{path}?_nc_cat=100&ccb=1-7&oh={Signature(path, expires)}&oe={expires}";
    }

    private string Signature(string path, string expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{path}|{expires}")))[..32];
}

internal sealed record MediaFile(string Id, byte[] Content, string ContentType, string FileName, bool NoStore);
