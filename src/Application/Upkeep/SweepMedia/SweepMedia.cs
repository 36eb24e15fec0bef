using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Upkeep;

/// <summary>Removes files that nobody needs: uploads that were never sent, and what a crash between the store and the database left behind.</summary>
public sealed record SweepMedia : IJob;

internal sealed class SweepMediaHandler(IAppDbContext db, IMediaStore media, TimeProvider clock) : AsyncRequestHandler<SweepMedia>
{
    /// <summary>A file younger than this may get its row yet.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromHours(6);

    /// <summary>An upload that was not sent by then will not be.</summary>
    private static readonly TimeSpan UploadLifetime = TimeSpan.FromDays(1);

    protected override async Task Handle(SweepMedia request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await ForgetUploadsAsync(now - UploadLifetime, cancellationToken);
        foreach (var month in new[] { now, now.AddMonths(-1) })   // the others have been swept in their time
        {
            var kept = media.KeysOf(month.Year, month.Month, now - MinAge);
            if (kept.Count == 0) continue;

            var named = await NamedAsync(FormattableString.Invariant($"{month.Year:0000}/{month.Month:00}/"), cancellationToken);
            foreach (var key in kept.Where(k => !named.Contains(k))) media.Delete(key);
        }
    }

    /// <summary>The row first: a file whose row is gone is swept, but a row whose file is gone would fail to send.</summary>
    private async Task ForgetUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var unsent = await db.MessageAttachments.AsNoTracking().Where(a => a.MessageId == null && a.UploadedAt <= before).ToListAsync(cancellationToken);
        foreach (var upload in unsent)
        {
            var removed = await db.MessageAttachments.Where(a => a.Id == upload.Id && a.MessageId == null).ExecuteDeleteAsync(cancellationToken);
            if (removed == 0) continue;   // somebody has just sent it
            foreach (var key in new[] { upload.StorageKey, upload.ThumbnailKey }.OfType<string>()) media.Delete(key);
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
