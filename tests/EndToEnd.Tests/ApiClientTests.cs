using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>The app with a customer's message, and its OpenAPI document as a file.</summary>
public sealed class ApiDocumentFixture : IAsyncLifetime
{
    public const string Peter = "7654321098765432";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("metamessaging-openapi-");
    private Simulator meta = null!;

    internal AppProcess App { get; private set; } = null!;

    public string Document => Path.Combine(folder.FullName, "openapi.json");

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        App = await AppProcess.StartAsync(meta);
        await App.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "hi");
        await App.ConversationOfAsync("facebookMessenger");
        await File.WriteAllTextAsync(Document, await App.Http.GetStringAsync("openapi/v1.json"));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await meta.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

/// <summary>What others make of the OpenAPI document: linters find nothing, and generated clients compile and work.</summary>
[Requires(Requirement.Node)]
public sealed class ApiClientTests(ApiDocumentFixture fixture) : IClassFixture<ApiDocumentFixture>
{
    [Fact]
    public Task Redocly_finds_nothing_in_the_document() =>
        Npm.ExecuteAsync("redocly", "lint", "--config", "redocly.yaml", "--max-problems", "20", "--format", "stylish", fixture.Document);

    [Fact]
    public Task Spectral_finds_nothing_in_the_document() =>
        Npm.ExecuteAsync("spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", fixture.Document);

    [Fact]
    public async Task A_client_of_openapi_typescript_signs_in_sends_and_reads()
    {
        await Npm.ExecuteAsync("openapi-typescript", fixture.Document, "--output", "generated/schema.d.ts");
        await Npm.ExecuteAsync("tsc", "--project", ".");

        await Npm.NodeAsync(
            "generated/apiClient.js",
            ("BASE_URL", fixture.App.BaseAddress.ToString().TrimEnd('/')),
            ("EMAIL", AppProcess.AdminEmail),
            ("PASSWORD", AppProcess.AdminPassword));
    }

    [Fact]
    public async Task A_client_of_NSwag_signs_in_sends_and_reads()
    {
        var read = await NSwagClient.RunMainFlowAsync(
            fixture.Document, fixture.App.BaseAddress, AppProcess.AdminEmail, AppProcess.AdminPassword);

        Assert.Contains(read[0], (string[])["Sent", "Delivered", "Read"]);
        Assert.Equal(["from NSwag", "from NSwag"], read[1..]);
    }
}
