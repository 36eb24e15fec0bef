using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Two nodes on one database, each with everything that a process has for itself.</summary>
public sealed class TwoNodesFixture : IAsyncLifetime
{
    /// <summary>So few that a test can use them up.</summary>
    public const int CallsPerSecond = 20;

    public App First { get; private set; } = null!;

    public App Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = await App.StartAsync(settings: new Dictionary<string, string?> { ["ApiKeys:CallsPerSecond"] = $"{CallsPerSecond}" });
        Second = await First.StartSecondNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }
}
