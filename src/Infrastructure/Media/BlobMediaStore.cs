using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Files in a container of Azure Blob storage, which every node reaches. A blob's name is its key.</summary>
internal sealed class BlobMediaStore(IOptions<MediaOptions> options, TimeProvider clock) : MediaStore(clock)
{
    /// <summary>Files are read and written in parts of this size, which a line of 2 Mbit/s carries within the time-out.</summary>
    public const int PartBytes = 1024 * 1024;

    private const int MaxParallelDeletes = 8;

    /// <summary>Readiness answers within 3 s.</summary>
    private static readonly TimeSpan MaxProbe = TimeSpan.FromSeconds(2);

    /// <summary>Two tries of 4 s: a request is answered within 10 s.</summary>
    private static readonly TimeSpan MaxTry = TimeSpan.FromSeconds(4);

    private readonly BlobContainerClient container = Connect(options.Value);

    /// <exception cref="FormatException">The connection string is none.</exception>
    public static BlobContainerClient Connect(MediaOptions options)
    {
        var client = new BlobClientOptions
        {
            Retry = { Mode = RetryMode.Fixed, MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = MaxTry },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
        };
        return new BlobContainerClient(options.ConnectionString, options.Container, client);
    }

    /// <summary>A shared access signature may not allow to see or create containers: what counts is that a blob can be written.</summary>
    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var test = container.GetBlobClient($".{Guid.NewGuid():N}");
            if (!await TryUploadAsync(test, cancellationToken))
            {
                await container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
                await test.UploadAsync(BinaryData.Empty, cancellationToken);
            }

            await test.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw new SettingException(
                $"Storage:ConnectionString: container {container.Name} cannot be written: {BlobFailure.Describe(exception)}", exception);
        }
    }

    /// <summary>Asks for a blob that there is not: to write one each second would cost money, and a shared access signature of a container
    /// does not let its properties be read.</summary>
    public override async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var probe = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        probe.CancelAfter(MaxProbe);
        try
        {
            await container.GetBlobClient(".ready").GetPropertiesAsync(cancellationToken: probe.Token);
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return exception.ErrorCode == BlobErrorCode.ContainerNotFound ? "The container of media does not exist." : null;
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            return BlobFailure.Reason;
        }
    }

    public override async Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        if (!IsKey(key)) return null;

        try
        {
            return await OpenAsync(container.GetBlobClient(key), cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }
    }

    /// <summary>Snapshots too, because what is erased must not be left in one.</summary>
    public override async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelDeletes, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(keys.Where(IsKey), parallel, async (key, token) =>
                await container.GetBlobClient(key).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: token));
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }
    }

    public override async Task<IReadOnlyList<string>> ListKeysAsync(
        int year, int month, DateTimeOffset keptBefore, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        try
        {
            var ofMonth = new GetBlobsOptions { Prefix = $"{FolderOf(year, month)}/" };
            await foreach (var blob in container.GetBlobsAsync(ofMonth, cancellationToken))
            {
                if (IsKey(blob.Name) && blob.Properties.LastModified < keptBefore) keys.Add(blob.Name);
            }
        }
        catch (Exception exception) when (BlobFailure.Is(exception, cancellationToken))
        {
            throw BlobFailure.Unavailable(exception);
        }

        return keys;
    }

    public override MediaDraft Begin() => new BlobDraft(NewKey(), container);

    internal static async Task<Stream> OpenAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        var options = new BlobOpenReadOptions(allowModifications: false) { BufferSize = PartBytes };
        return new BlobReadStream(await blob.OpenReadAsync(options, cancellationToken));
    }

    /// <returns>False when the container does not exist.</returns>
    private static async Task<bool> TryUploadAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.UploadAsync(BinaryData.Empty, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return false;
        }
    }
}
