namespace MetaMessaging.Application.Maintenance;

/// <summary>Looks for every stored file that a row names, by listing the files of each month: some seconds for a million.</summary>
public sealed record FindMissingFiles : IRequest<FoundFiles>;

/// <param name="Missing">Files that a row names and the media store does not have.</param>
public sealed record FoundFiles(int Named, int Missing);

internal sealed class FindMissingFilesHandler(IEnumerable<IMediaReferences> references, IMediaStore media)
    : IRequestHandler<FindMissingFiles, FoundFiles>
{
    public async Task<FoundFiles> Handle(FindMissingFiles request, CancellationToken cancellationToken)
    {
        var (named, missing) = (0, 0);
        var stored = new Dictionary<string, HashSet<string>>();
        foreach (var column in references.SelectMany(r => r.Columns))
        {
            // Read whole, so that no snapshot is kept open while the files are looked for.
            var keys = await column.Where(r => r.Key != null).Select(r => r.Key!).ToListAsync(cancellationToken);
            var notFound = new List<string>();
            foreach (var month in keys.GroupBy(MonthOf))
            {
                if (!stored.ContainsKey(month.Key)) stored[month.Key] = await ListAsync(month.Key, cancellationToken);
                notFound.AddRange(month.Where(key => !stored[month.Key].Contains(key)));
            }

            named += keys.Count;
            missing += await CountStillNamedAsync(column, notFound, cancellationToken);
        }

        return new FoundFiles(named, missing);
    }

    /// <summary>"2026/11" of "2026/11/…".</summary>
    private static string MonthOf(string key) => key[..Math.Max(0, key.LastIndexOf('/'))];

    private async Task<HashSet<string>> ListAsync(string month, CancellationToken cancellationToken) =>
        DateTimeOffset.TryParseExact(month, "yyyy/MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first)
            ? [.. await media.ListKeysAsync(first.Year, first.Month, DateTimeOffset.MaxValue, cancellationToken)]
            : [];

    /// <summary>A file that was not found may have been erased, with its row, since the rows were read.</summary>
    private static async Task<int> CountStillNamedAsync(
        IQueryable<MediaReference> column, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var chunk in keys.Chunk(500)) count += await column.CountAsync(r => chunk.Contains(r.Key!), cancellationToken);
        return count;
    }
}
