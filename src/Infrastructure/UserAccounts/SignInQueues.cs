namespace MetaMessaging.Infrastructure.UserAccounts;

/// <summary>
/// Checks the passwords and codes of an account one after the other: of a hundred guesses that are sent at once, five are looked at, and
/// then the account is locked. A queue is shared by the accounts of the same hash, and addresses without an account wait in it as well.
/// </summary>
internal sealed class SignInQueues : IDisposable
{
    private readonly SemaphoreSlim[] queues = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> EnterAsync(string account, CancellationToken cancellationToken)
    {
        var queue = queues[(uint)account.GetHashCode(StringComparison.Ordinal) % (uint)queues.Length];
        await queue.WaitAsync(cancellationToken);
        return new Turn(queue);
    }

    public void Dispose() => Array.ForEach(queues, queue => queue.Dispose());

    private sealed class Turn(SemaphoreSlim queue) : IDisposable { public void Dispose() => queue.Release(); }
}
