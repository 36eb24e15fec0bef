using System.Runtime.CompilerServices;

namespace MetaMessaging.Application.Audit;

/// <summary>All entries that the filter finds, newest first, read while the caller takes them.</summary>
public sealed record ExportAuditEntries(
    string? Actor = null, string? Action = null, string? Target = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    long? OrganizationId = null) : IRequest<IAsyncEnumerable<AuditEntryModel>>, IAuditFilter;

internal sealed class ExportAuditEntriesValidator : AbstractValidator<ExportAuditEntries>
{
    public ExportAuditEntriesValidator() => Include(new AuditFilterValidator());
}

internal sealed class ExportAuditEntriesHandler(AuditReader reader)
    : IRequestHandler<ExportAuditEntries, IAsyncEnumerable<AuditEntryModel>>
{
    private const int ChunkSize = 200;

    public Task<IAsyncEnumerable<AuditEntryModel>> Handle(ExportAuditEntries request, CancellationToken cancellationToken) =>
        Task.FromResult(ReadAsync(request, cancellationToken));

    /// <summary>In chunks, because a query that stays open for a slow client keeps SQLite from shortening its log.</summary>
    private async IAsyncEnumerable<AuditEntryModel> ReadAsync(
        ExportAuditEntries request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var chunk = new Chunk(ChunkSize, Cursor: null); chunk is not null;)
        {
            var page = await reader.ReadAsync(request, chunk, cancellationToken);
            foreach (var entry in page.Items) yield return entry;
            chunk = page.NextCursor is { } cursor ? chunk with { Cursor = cursor } : null;
        }
    }

    private sealed record Chunk(int? Limit, string? Cursor) : IPaged;
}
