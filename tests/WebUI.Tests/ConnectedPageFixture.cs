using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>An app with a connected Page, and the simulator that plays Meta.</summary>
public sealed class ConnectedPageFixture : IAsyncLifetime
{
    public MetaSimulator.Simulator Meta { get; private set; } = null!;

    public App App { get; private set; } = null!;

    public ApiClient Agent { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Meta = await MetaSimulator.Simulator.StartAsync();
        App = await App.StartAsync(Meta);
        Agent = await App.SignInAsync();
        await AppFixture.ConfigureAsync(App, Agent, Meta);
        await Agent.RunDialogAsync([Some.PageId]);
    }

    /// <summary>Creates a customer who has just written; returns the customer and the conversation.</summary>
    public async Task<(string Psid, long ConversationId)> CustomerAsync(string channel = "messenger")
    {
        var psid = await Meta.Control.CreateCustomerAsync(new { pageId = Some.PageId, channel, name = "Some Body" });
        await Meta.Control.WriteAsync(psid, "Hello");
        var contact = await Until.Found(
            async () => (await Agent.GetAsync($"api/contacts?q={psid}")).Json["items"]!.AsArray().SingleOrDefault(),
            c => c is not null && c["conversations"]!.AsArray().Count == 1, "the customer's message has arrived");
        return (psid, (long)contact!["conversations"]![0]!["id"]!);
    }

    public async ValueTask DisposeAsync()
    {
        Agent.Dispose();
        await App.DisposeAsync();
        await Meta.DisposeAsync();
    }
}
