using System.Diagnostics;
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
