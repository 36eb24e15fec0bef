using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>
/// A blob that is written by blocks, of which nothing can be seen before all are committed; Azure deletes blocks without a commit after a
/// week. No remote call is made within a transaction, so the blob exists a moment before its row names it.
/// </summary>
internal sealed class BlobDraft(string key, BlobContainerClient container) : MediaDraft(key)
{
    private readonly BlockBlobClient blob = container.GetBlockBlobClient(key);
    private readonly List<string> blocks = [];
    private readonly MemoryStream part = new();
    private bool isComplete;

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            isComplete = true;   // also when the answer is lost
            if (blocks.Count == 0)
            {
                await blob.UploadAsync(Rewound(), cancellationToken: cancellationToken);
                return;
            }

            if (part.Length > 0) await StageAsync(cancellationToken);
            await blob.CommitBlockListAsync(blocks, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }
    }

    public override async Task<Stream> OpenReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await BlobMediaStore.OpenAsync(container.GetBlobClient(Key), cancellationToken);
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }
    }

    public override void Publish() { }

    public override async ValueTask DisposeAsync()
    {
        await part.DisposeAsync();
        if (IsKept || !isComplete) return;
        try
        {
            await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots);
        }
        catch (Exception exception) when (BlobFailure.Is(exception, CancellationToken.None))
        {
            // No row names it, so the daily sweep deletes it.
        }
    }

    protected override async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (part.Length + bytes.Length > BlobMediaStore.PartBytes) await StageAsync(cancellationToken);
            await part.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var id = Convert.ToBase64String(BitConverter.GetBytes(blocks.Count));
        await blob.StageBlockAsync(id, Rewound(), cancellationToken: cancellationToken);
        blocks.Add(id);
        part.SetLength(0);
    }

    private MemoryStream Rewound()
    {
        part.Position = 0;
        return part;
    }
}
