using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Upkeep;

/// <summary>Removes files that no row names: what a crash between the store and the database left behind.</summary>
public sealed record SweepMedia : IJob;

internal sealed class SweepMediaHandler(IAppDbContext db, IMediaStore media, TimeProvider clock) : AsyncRequestHandler<SweepMedia>
{
    /// <summary>A file younger than this may get its row yet.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromHours(6);

    protected override async Task Handle(SweepMedia request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var month in new[] { now, now.AddMonths(-1) })   // the others have been swept in their time
        {
            var kept = media.KeysOf(month.Year, month.Month, now - Young);
            if (kept.Count == 0) continue;

            var named = await NamedAsync(FormattableString.Invariant($"{month.Year:0000}/{month.Month:00}/"), cancellationToken);
            foreach (var key in kept.Where(k => !named.Contains(k))) media.Delete(key);
        }
    }

    /// <summary>Whatever column holds keys of the media store has to be here; a test looks for those that are not.</summary>
    private async Task<HashSet<string>> NamedAsync(string folder, CancellationToken cancellationToken)
    {
        var named = new HashSet<string>();
        await foreach (var key in db.MessageAttachments.Where(a => a.StorageKey!.StartsWith(folder)).Select(a => a.StorageKey!).AsAsyncEnumerable().WithCancellation(cancellationToken))
            named.Add(key);
        await foreach (var key in db.MessageAttachments.Where(a => a.ThumbnailKey!.StartsWith(folder)).Select(a => a.ThumbnailKey!).AsAsyncEnumerable().WithCancellation(cancellationToken))
            named.Add(key);
        await foreach (var key in db.Contacts.Where(c => c.AvatarKey!.StartsWith(folder)).Select(c => c.AvatarKey!).AsAsyncEnumerable().WithCancellation(cancellationToken))
            named.Add(key);
        return named;
    }
}
