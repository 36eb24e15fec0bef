namespace MetaMessaging.Application.Maintenance;

/// <summary>Deletes files that no row names: a process that ends between the media store and the database leaves them behind.</summary>
[NotAudited("No row refers to the files that it deletes.")]
public sealed record SweepMedia : IRecurringJob { string IRecurringJob.Schedule => "0 3 * * *"; }

internal sealed class SweepMediaHandler(IEnumerable<IMediaReferences> references, IMediaStore media, TimeProvider clock)
    : AsyncRequestHandler<SweepMedia>
{
    /// <summary>The row of a file is saved after the file; one of less than this age may get its row yet.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromHours(6);

    private const int ChunkSize = 500;

    protected override async Task Handle(SweepMedia request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var month in new[] { now, now.AddMonths(-1) })   // earlier months were swept while they were the last
        {
            foreach (var keys in (await media.ListKeysAsync(month.Year, month.Month, now - MinAge, cancellationToken)).Chunk(ChunkSize))
                await DeleteUnreferencedAsync(keys, cancellationToken);
        }
    }

    private async Task DeleteUnreferencedAsync(string[] keys, CancellationToken cancellationToken)
    {
        var unreferenced = keys.ToHashSet();
        foreach (var column in references.SelectMany(r => r.Columns))
            unreferenced.ExceptWith(await column.Select(r => r.Key!).Where(key => keys.Contains(key)).ToListAsync(cancellationToken));
        await media.DeleteAsync(unreferenced, cancellationToken);
    }
}
