using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Runs the commands of docs/api.md in their order in a shell, against a running app.</summary>
public sealed partial class ApiGuideTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    [Fact]
    public async Task The_commands_of_the_guide_run_and_give_the_results_it_describes()
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/bash") && File.Exists("/usr/bin/curl") && File.Exists("/usr/bin/jq"),
            "The guide needs bash, curl and jq.");
        var (customer, conversationId) = await fixture.CustomerAsync();

        var (exitCode, output, errors) = await RunAsync(string.Join('\n', Commands()));

        Assert.True(exitCode is 0, $"{output}\n{errors}");
        Assert.Contains("\"status\": \"queued\"", output, StringComparison.Ordinal);
        Assert.Contains("\"code\": \"no_content\"", output, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"Peter from the market\"", output, StringComparison.Ordinal);
        Assert.Contains("inbound received: Hello", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), line => line.Trim() == "1");
        await Until.True(async () => (await fixture.Meta.Control.GetAcceptedAsync(customer)).Count == 3, "all of it was sent");
        Assert.Equal(
            ["Your order is on its way", "It arrives tomorrow", "Thank you for order 4711"],
            (await fixture.Meta.Control.GetAcceptedAsync(customer)).Select(a => a.Text));
        Assert.Equal("❤️", (string)(await fixture.Meta.Control.GetCustomerAsync(customer))["messages"]![0]!["businessReaction"]!);
        var conversation = (await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json;
        Assert.Equal(("closed", 0), ((string)conversation["status"]!, (int)conversation["unreadCount"]!));
    }

    [Fact]
    public async Task The_live_hub_needs_the_scope_to_read_conversations()
    {
        Assert.Equal(200, await NegotiateAsync("conversations:read"));
        Assert.Equal(403, await NegotiateAsync("contacts:read"));

        async Task<int> NegotiateAsync(string scope)
        {
            using var software = fixture.App.Anonymous();
            software.AccessToken = (string)(
                await fixture.Agent.PostAsync("api/api-keys", new { name = scope, scopes = new[] { scope } })).Json["key"]!;
            return (await software.PostAsync("hubs/inbox/negotiate?negotiateVersion=1")).Status;
        }
    }

    [Fact]
    public async Task The_live_hub_takes_a_token_in_the_address_as_browsers_send_it()
    {
        using var socket = await ConnectAsync(fixture.Agent.AccessToken!, origin: null);
        using var ours = await ConnectAsync(fixture.Agent.AccessToken!, fixture.App.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal((WebSocketState.Open, WebSocketState.Open), (socket.State, ours.State));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("mm_unknown", origin: null));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task The_live_hub_refuses_a_page_of_another_origin(string origin)
    {
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(fixture.Agent.AccessToken!, origin));

        var refused = await fixture.Agent.PostAsync("hubs/inbox/negotiate?negotiateVersion=1", null, ("Origin", origin));
        Assert.Equal((403, "origin_not_allowed"), (refused.Status, refused.Code));
    }

    private async Task<ClientWebSocket> ConnectAsync(string token, string? origin)
    {
        var socket = new ClientWebSocket();
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder(fixture.App.Address)
        {
            Scheme = "ws", Path = "hubs/inbox", Query = $"access_token={Uri.EscapeDataString(token)}",
        };
        await socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    private static IEnumerable<string> Commands() =>
        Blocks().Matches(File.ReadAllText(Repository.PathOf("docs", "api.md"))).Select(block => block.Groups["commands"].Value);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string commands)
    {
        var start = new ProcessStartInfo("/usr/bin/bash", ["-euo", "pipefail", "-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MM"] = fixture.App.Address.ToString().TrimEnd('/'), ["EMAIL"] = App.AdminEmail, ["PASSWORD"] = App.Password },
        };
        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.StandardInput.WriteAsync(commands);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, await output, await errors);
    }

    [GeneratedRegex("^```sh\n(?<commands>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
