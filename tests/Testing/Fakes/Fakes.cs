using System.Collections.Concurrent;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.Testing;

public sealed class FakeDispatcher : IDispatcher
{
    public ConcurrentQueue<long> Woken { get; } = [];

    /// <summary>Called for every wake-up signal, so that a real dispatcher can be connected.</summary>
    public Action<long>? OnWake { get; set; }

    public void Wake(long conversationId)
    {
        Woken.Enqueue(conversationId);
        OnWake?.Invoke(conversationId);
    }
}

/// <summary>Has a permit for every call unless a test sets <see cref="IsEmpty"/>.</summary>
public sealed class FakeBudget : IGraphBudget
{
    /// <summary>The permits asked for, as "account kind conversation".</summary>
    public ConcurrentQueue<string> Taken { get; } = [];

    public bool IsEmpty { get; set; }

    public bool TryTake(string accountId, bool isAudioOrVideo, long conversationId)
    {
        Taken.Enqueue($"{accountId} {(isAudioOrVideo ? "audioAndVideo" : "messages")} {conversationId}");
        return !IsEmpty;
    }

    public GraphAllowance Read(string accountId) =>
        new([new CallBudgetModel("messages", 100, 10, 0)], [new GraphUsageModel("messenger", 28, 25, 25, Some.Now)], null);

    public GraphUsageModel? ReadApp() => null;
}

public sealed class FakeJobs : IJobs
{
    public ConcurrentQueue<IJob> Enqueued { get; } = [];

    public ConcurrentQueue<(IJob Job, DateTimeOffset At)> Scheduled { get; } = [];

    public void Enqueue(IJob job) => Enqueued.Enqueue(job);

    public void Schedule(IJob job, DateTimeOffset at) => Scheduled.Enqueue((job, at));
}

public sealed class FakeJobHistory : IJobHistory
{
    public ConcurrentQueue<IJob> Asked { get; } = [];

    public IReadOnlyList<JobTrace> Find(IReadOnlyCollection<IJob> jobs)
    {
        foreach (var job in jobs) Asked.Enqueue(job);
        return [];
    }

    public long CountFailed() => 0;
}

public sealed class FakeLoadShedding : ILoadShedding
{
    private volatile LoadLevel level;
    private int asked;

    /// <summary>How often the level was read.</summary>
    public int Asked => asked;

    public LoadLevel Level
    {
        get
        {
            Interlocked.Increment(ref asked);
            return level;
        }
        set => level = value;
    }
}

public sealed class FakeNodes : INodes
{
    public int LiveCount { get; set; } = 1;

    public bool HaveRedis => false;

    public Task<IReadOnlyList<NodeModel>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NodeModel>>([]);
}

public sealed class FakeLive : ILiveUpdates, ILiveConnections
{
    /// <summary>As "event organization conversation message".</summary>
    public ConcurrentQueue<string> Pushed { get; } = [];

    /// <summary>Whose connections were closed.</summary>
    public ConcurrentQueue<LiveCaller> Closed { get; } = [];

    /// <summary>When set, every push throws it.</summary>
    public Exception? Failure { get; set; }

    public Task MessageCreatedAsync(long organizationId, long conversationId, long messageId) =>
        Push($"created {organizationId} {conversationId} {messageId}");

    public Task MessageUpdatedAsync(long organizationId, long conversationId, long messageId) =>
        Push($"updated {organizationId} {conversationId} {messageId}");

    public Task ConversationUpdatedAsync(long organizationId, long conversationId) =>
        Push($"conversation {organizationId} {conversationId}");

    public void Close(LiveCaller caller) => Closed.Enqueue(caller);

    private Task Push(string update)
    {
        if (Failure is { } failure) return Task.FromException(failure);
        Pushed.Enqueue(update);
        return Task.CompletedTask;
    }
}

/// <summary>Downloads without a network, and stores without a disk.</summary>
public sealed class FakeMedia : IMediaDownloader, IMediaStore, IMediaUploads
{
    public ConcurrentQueue<Uri> Asked { get; } = [];

    /// <summary>The store's keys, with the time at which they were stored.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Files { get; } = new();

    public Func<Uri, StoredMedia> OnDownload { get; set; } = address =>
        new StoredMedia($"key-{address.AbsolutePath.GetHashCode(StringComparison.Ordinal):x}", null, "image/jpeg", 3, "cup.jpg");

    /// <summary>Keys that files got, also of files that were deleted since.</summary>
    public ConcurrentQueue<string> Published { get; } = [];

    /// <summary>What reading from the store throws, while it cannot be reached.</summary>
    public Exception? Failure { get; set; }

    public async Task<IUnsavedMedia> DownloadAsync(Uri address, string type, bool withThumbnail, CancellationToken cancellationToken)
    {
        Asked.Enqueue(address);
        await Task.Yield();
        var media = OnDownload(address);
        return new Unsaved(this, withThumbnail ? media : media with { ThumbnailKey = null });
    }

    /// <summary>The content type that uploads are recognised as.</summary>
    public string UploadContentType { get; set; } = "image/png";

    public async Task<IUnsavedMedia> StoreAsync(
        Stream content, string? fileName, string? claimedType, long maxBytes, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await content.CopyToAsync(all, cancellationToken);
        var media = new StoredMedia(
            $"2025/10/upload-{Files.Count}", $"2025/10/small-{Files.Count}", UploadContentType, all.Length, fileName);
        return new Unsaved(this, media);
    }

    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => Task.FromResult(Failure?.Message);

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<Stream?>(failure)
        : Task.FromResult<Stream?>(Files.ContainsKey(key) ? new MemoryStream([1, 2, 3]) : null);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys) Files.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListKeysAsync(
        int year, int month, DateTimeOffset keptBefore, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
    [
        .. Files
            .Where(f => f.Key.StartsWith($"{year:0000}/{month:00}/", StringComparison.Ordinal) && f.Value < keptBefore)
            .Select(f => f.Key),
    ]);

    private sealed class Unsaved(FakeMedia store, StoredMedia media) : IUnsavedMedia
    {
        private bool isKept;

        private IEnumerable<string> Keys => new[] { media.Key, media.ThumbnailKey }.OfType<string>();

        public StoredMedia Media => media;

        public void Publish()
        {
            foreach (var key in Keys)
            {
                store.Files[key] = Some.Now;
                store.Published.Enqueue(key);
            }
        }

        public void Keep() => isKept = true;

        public async ValueTask DisposeAsync()
        {
            if (!isKept) await store.DeleteAsync([.. Keys], CancellationToken.None);
        }
    }
}

public sealed class FakeInbox : IWebhookInbox
{
    public ConcurrentQueue<byte[]> Stored { get; } = [];

    public int Woken { get; private set; }

    public Task StoreAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Stored.Enqueue(payload.ToArray());
        return Task.CompletedTask;
    }

    public void Wake() => Woken++;
}

public sealed class FakeCaller : ICaller
{
    public long UserId { get; set; } = Some.AdminId;

    public long SessionId { get; set; }

    public string Name { get; set; } = "Maria Lind";

    public string Email { get; set; } = "maria@bluecup.example";

    public bool IsSystemAdmin { get; set; }

    public OrganizationRoles Roles { get; set; } = OrganizationRoles.All;

    /// <summary>Set when the sender is not the user, for example an API key.</summary>
    public Sender? SentBy { get; set; }

    public Sender Sender => SentBy ?? new(MessageOrigin.Agent, UserId, Name);

    public AuditActor Actor => new(AuditActorType.Person, UserId, Name);
}

public sealed class FakeClientInfo : IClientInfo
{
    public string? Address { get; set; } = "203.0.113.9";

    public string? Device { get; set; } = "Firefox on Windows";
}

public sealed class FakeSignInLimit : ISignInLimit
{
    public void EnsureAllowed() { }

    public void RecordFailure() { }

    public bool TryStoreUnknown() => true;
}

public sealed class FakeAddress : IPublicAddress
{
    public Uri BaseUrl { get; set; } = new("https://messages.example/");

    public bool IsKnown { get; set; } = true;
}
