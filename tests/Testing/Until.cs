using System.Diagnostics;

namespace MetaMessaging.Testing;

/// <summary>Waits for conditions, never for time.</summary>
public static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    /// <exception cref="TimeoutException">It did not come true.</exception>
    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(LookEvery);
        }
    }

    /// <returns>The first answer that fits.</returns>
    public static async Task<T> Found<T>(Func<Task<T>> look, Func<T, bool> fits, string what)
    {
        T found = default!;
        await True(async () => fits(found = await look()), what);
        return found;
    }
}
