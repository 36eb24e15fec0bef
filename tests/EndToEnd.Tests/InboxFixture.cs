using System.Net.Http.Json;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Playwright;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>One app and one simulator for all tests of the class; each test has its own customers and browser context.</summary>
public sealed class InboxFixture : IAsyncLifetime
{
    private Chromium chromium = null!;
    private string signedIn = "";

    internal Simulator Meta { get; private set; } = null!;

    internal AppProcess App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        chromium = await Chromium.StartAsync();
        Meta = await Simulator.StartAsync();
        App = await AppProcess.StartAsync(Meta);
        await App.ConnectPageAsync();
        signedIn = await SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null) await App.DisposeAsync();
        if (Meta is not null) await Meta.DisposeAsync();
        if (chromium is not null) await chromium.DisposeAsync();
    }

    /// <summary>A new customer with one message, whose conversation the app has stored.</summary>
    internal async Task<Customer> CustomerAsync(string name, string channel = "messenger", DateTimeOffset? at = null)
    {
        var id = await Meta.Control.CreateCustomerAsync(new { pageId = "109876543210987", channel, name });
        var first = await Meta.Control.WriteAsync(id, $"Hello from {name}", at);
        long conversation = 0;
        await Until.True(async () => (conversation = await FindAsync(name)) > 0, $"{name} has a conversation");
        return new Customer(id, conversation, first.Mid);
    }

    internal async Task CreateCannedReplyAsync(string shortcut, string name, string text)
    {
        using var created = await App.Http.PostAsJsonAsync("api/canned-replies", new { shortcut, name, text });
        created.EnsureSuccessStatusCode();
    }

    /// <summary>An empty page of a signed-in agent.</summary>
    internal Task<IPage> NewPageAsync(bool phone = false) =>
        phone ? chromium.OpenAsync(390, 844, ColorScheme.Dark, signedIn) : chromium.OpenAsync(state: signedIn);

    /// <summary>Opens the conversation as a signed-in agent.</summary>
    internal async Task<IPage> OpenAsync(Customer customer, bool phone = false)
    {
        var agent = await NewPageAsync(phone);
        await GoToAsync(agent, $"inbox/{customer.ConversationId}?status=all");
        return agent;
    }

    internal Task GoToAsync(IPage page, string path) => page.GotoAsync(new Uri(App.BaseAddress, path).ToString());

    private async Task<string> SignInAsync()
    {
        var agent = await chromium.OpenAsync();
        await Chromium.SignInAsync(agent, App);
        var state = await agent.Context.StorageStateAsync();
        await agent.CloseAsync();
        return state;
    }

    private async Task<long> FindAsync(string name)
    {
        var found = (await App.GetAsync($"api/conversations?q={Uri.EscapeDataString(name)}"))["items"]!.AsArray();
        return found.Count == 1 ? found[0]!["id"]!.GetValue<long>() : 0;
    }
}

internal sealed record Customer(string Id, long ConversationId, string FirstMid);
