using System.Globalization;
using System.Text;
using MetaMessaging.Benchmarks.Ingest;

namespace MetaMessaging.Benchmarks.Processing;

/// <summary>The deliveries of this suite: text messages of many customers, and read receipts.</summary>
internal sealed class ProcessWebhook(int customers)
{
    public const string PageId = "109876543210987";

    private const long FirstTime = 1_767_225_600_000;
    private const int MidLength = 2 + 16 + 12;

    /// <summary>Scattered like Meta's ids: ascending ids would make inserts into the index cheaper than they are in production.</summary>
    public static string Mid(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"m_{unchecked((ulong)number * 0x9E3779B97F4A7C15):x16}{number:D12}");

    public static long NumberOf(string mid) => mid.Length == MidLength ? long.Parse(mid.AsSpan(2 + 16), CultureInfo.InvariantCulture) : -1;

    public static long TimeOf(long number) => FirstTime + number;

    public static string CustomerId(long customer) => (7_000_000_000_000_000 + customer).ToString(CultureInfo.InvariantCulture);

    public byte[] Messages(long first, int count)
    {
        var body = new StringBuilder(512 * count);
        body.Append(
            CultureInfo.InvariantCulture,
            $$$"""{"object":"page","entry":[{"id":"{{{PageId}}}","time":{{{TimeOf(first)}}},"messaging":[""");
        for (var number = first; number < first + count; number++)
        {
            if (number > first) body.Append(',');
            body.Append(
                CultureInfo.InvariantCulture,
                $$$"""{"sender":{"id":"{{{CustomerId(number % customers)}}}"},"recipient":{"id":"{{{PageId}}}"},""");
            body.Append(
                CultureInfo.InvariantCulture,
                $$$"""
                "timestamp":{{{TimeOf(number)}}},"message":{"mid":"{{{Mid(number)}}}","text":"{{{IngestWebhook.Text}}}"}}
                """);
        }

        return Encoding.UTF8.GetBytes(body.Append("]}]}").ToString());
    }

    public static byte[] Read(string customerId, long watermark) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"object":"page","entry":[{"id":"{{{PageId}}}","time":{{{watermark}}},"messaging":["""
            + $$$"""{"sender":{"id":"{{{customerId}}}"},"recipient":{"id":"{{{PageId}}}"},"timestamp":{{{watermark}}},"""
            + $$$"""
            "read":{"watermark":{{{watermark}}}}}]}]}
            """));
}
