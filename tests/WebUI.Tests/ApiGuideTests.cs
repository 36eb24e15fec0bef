using System.Diagnostics;
using System.Text.RegularExpressions;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>The commands of docs/api.md, in their order, by a shell, against the running app.</summary>
public sealed partial class ApiGuideTests(MessagingTests.World world) : IClassFixture<MessagingTests.World>
{
    [Fact]
    public async Task Its_commands_do_what_it_says()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bash") && File.Exists("/usr/bin/curl") && File.Exists("/usr/bin/jq"), "The guide needs bash, curl and jq.");
        var (customer, conversationId) = await world.CustomerAsync();

        var (exitCode, output, errors) = await RunAsync(string.Join('\n', Commands()));

        Assert.True(exitCode is 0, $"{output}\n{errors}");
        Assert.Contains("\"status\": \"queued\"", output, StringComparison.Ordinal);
        Assert.Contains("\"code\": \"no_content\"", output, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"Peter from the market\"", output, StringComparison.Ordinal);
        Assert.Contains("inbound received: Hello", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), line => line.Trim() == "1");
        await Until.True(async () => (await world.Meta.Control.GetAcceptedAsync(customer)).Count == 3, "all of it was sent");
        Assert.Equal(
            ["Your order is on its way", "It arrives tomorrow", "Thank you for order 4711"], (await world.Meta.Control.GetAcceptedAsync(customer)).Select(a => a.Text));
        Assert.Equal("❤️", (string)(await world.Meta.Control.GetCustomerAsync(customer))["messages"]![0]!["businessReaction"]!);
        var conversation = (await world.Agent.GetAsync($"api/conversations/{conversationId}")).Json;
        Assert.Equal(("closed", 0), ((string)conversation["status"]!, (int)conversation["unreadCount"]!));
    }

    [Fact]
    public async Task Who_may_read_conversations_hears_of_them()
    {
        Assert.Equal(200, await NegotiateAsync("conversations:read"));
        Assert.Equal(403, await NegotiateAsync("contacts:read"));

        async Task<int> NegotiateAsync(string scope)
        {
            using var software = world.App.Anonymous();
            software.AccessToken = (string)(await world.Agent.PostAsync("api/api-keys", new { name = scope, scopes = new[] { scope } })).Json["key"]!;
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
            Environment = { ["MM"] = world.App.Address.ToString().TrimEnd('/'), ["EMAIL"] = App.AdminEmail, ["PASSWORD"] = App.Password },
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
