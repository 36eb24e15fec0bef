namespace MetaMessaging.Application.Maintenance;

/// <summary>Deletes files that no row names: a process that ends between the media store and the database leaves them behind.</summary>
[NotAudited("No row refers to the files that it deletes.")]
public sealed record SweepMedia : IRecurringJob { string IRecurringJob.Schedule => "0 3 * * *"; }

internal sealed class SweepMediaHandler(IEnumerable<IMediaReferences> references, IMediaStore media, TimeProvider clock)
    : AsyncRequestHandler<SweepMedia>
{
    /// <summary>The row of a file is saved after the file; one of less than this age may get its row yet.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromHours(6);

    protected override async Task Handle(SweepMedia request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var month in new[] { now, now.AddMonths(-1) })   // earlier months were swept while they were the last
        {
            var keys = media.KeysOf(month.Year, month.Month, now - MinAge);
            if (keys.Count == 0) continue;

            var referenced = await ReferencedAsync(FormattableString.Invariant($"{month.Year:0000}/{month.Month:00}/"), cancellationToken);
            foreach (var key in keys.Where(k => !referenced.Contains(k))) media.Delete(key);
        }
    }

    private async Task<HashSet<string>> ReferencedAsync(string folder, CancellationToken cancellationToken)
    {
        var referenced = new HashSet<string>();
        foreach (var column in references.SelectMany(r => r.Columns))
        {
            var keys = column.Where(r => r.Key!.StartsWith(folder)).Select(r => r.Key!);
            await foreach (var key in keys.AsAsyncEnumerable().WithCancellation(cancellationToken)) referenced.Add(key);
        }

        return referenced;
    }
}
