namespace MetaMessaging.Testing;

/// <summary>Waits until a condition holds.</summary>
public static class Until
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    /// <exception cref="TimeoutException">The condition did not hold within 20 s.</exception>
    public static Task True(Func<Task<bool>> condition, string what) =>
        True(condition, DefaultLimit, () => $"The test waited in vain until {what}.");

    /// <param name="limit">On a machine with nothing else to do, see <see cref="Deadline"/>.</param>
    /// <exception cref="TimeoutException">The condition did not hold within the limit.</exception>
    public static async Task True(Func<Task<bool>> condition, TimeSpan limit, Func<string> failureMessage)
    {
        var deadline = new Deadline(limit);
        while (!await condition())
        {
            if (deadline.HasPassed()) throw new TimeoutException(failureMessage());
            await Task.Delay(PollInterval, TestContext.Current.CancellationToken);
        }
    }

    /// <returns>The first answer that fits.</returns>
    public static async Task<T> Found<T>(Func<Task<T>> look, Func<T, bool> fits, string what)
    {
        T found = default!;
        await True(
            async () => fits(found = await look()),
            DefaultLimit,
            () => $"The test waited in vain until {what}. The last answer was: {found}");
        return found;
    }
}
