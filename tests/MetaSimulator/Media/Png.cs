using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>Writes 24-bit PNG files: signature, header, one block of compressed rows, end.</summary>
internal static class Png
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n => CrcOf((uint)n))];

    /// <param name="rgb">Three bytes a pixel, row by row.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> rgb)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(rgb.Slice(y * width * 3, width * 3));
            }
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a channel
        header[9] = 2; // RGB

        using var png = new MemoryStream();
        png.Write(Signature);
        WriteChunk(png, "IHDR", header);
        WriteChunk(png, "IDAT", rows.ToArray());
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void WriteChunk(MemoryStream png, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);

        var name = Encoding.ASCII.GetBytes(type);
        png.Write(name);
        png.Write(data);

        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), data));
        png.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data) crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(uint n)
    {
        for (var bit = 0; bit < 8; bit++) n = (n & 1) is 1 ? 0xEDB88320 ^ (n >> 1) : n >> 1;
        return n;
    }
}
