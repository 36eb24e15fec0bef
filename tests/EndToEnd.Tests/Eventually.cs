using System.Diagnostics;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > within) Assert.Fail(otherwise());
            await Task.Delay(LookEvery, TestContext.Current.CancellationToken);
        }
    }
}
