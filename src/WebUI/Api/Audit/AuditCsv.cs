using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using MetaMessaging.Application.Audit;

namespace MetaMessaging.WebUI.Api.Audit;

/// <summary>Entries as a file for spreadsheets.</summary>
internal static class AuditCsv
{
    private static readonly string[] Columns =
    [
        "id", "at", "organizationId", "organizationName", "actorType", "actorId", "actorName", "action", "targetType", "targetId",
        "targetName", "changes", "address",
    ];

    /// <summary>
    /// A name such as <c>=HYPERLINK(…)</c> would be run by a spreadsheet; with an apostrophe before it, it is shown. The byte order mark
    /// tells Excel that the file is UTF-8. The buffer is small, so that the file begins while most entries are not read yet.
    /// </summary>
    private static readonly CsvWriterOptions Format =
        new() { Injection = CsvInjection.Escape, WriteByteOrderMark = true, BufferSize = 4 * 1024 };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(IAsyncEnumerable<AuditEntryModel> entries, Stream file, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(file, Format, leaveOpen: true);
        csv.WriteHeader(Columns);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
            await csv.WriteRecordAsync(FieldsOf(entry), cancellationToken);
        await csv.FlushAsync(cancellationToken);
    }

    private static string?[] FieldsOf(AuditEntryModel entry) =>
    [
        Text(entry.Id), entry.At.UtcDateTime.ToString(ApiJson.TimeFormat, CultureInfo.InvariantCulture), Text(entry.Organization?.Id),
        entry.Organization?.Name, JsonNamingPolicy.CamelCase.ConvertName(entry.Actor.Type.ToString()), Text(entry.Actor.Id),
        entry.Actor.Name, entry.Action, entry.Target.Type, Text(entry.Target.Id), entry.Target.Name,
        entry.Changes.Count == 0 ? null : JsonSerializer.Serialize(entry.Changes, Readable), entry.Address,
    ];

    private static string? Text(object? id) => Convert.ToString(id, CultureInfo.InvariantCulture);
}
