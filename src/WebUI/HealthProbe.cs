using System.Net.Sockets;

namespace MetaMessaging.WebUI;

/// <summary>The command "health", for images without a shell: asks the app that runs beside whether it lives.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(4);

    /// <param name="args">The app's settings. Nothing else is built from them, so that it takes a moment only.</param>
    /// <returns>The exit code: 0 when the app answers.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args).Build();
        Uri address;
        try
        {
            address = new Uri(AddressIn(configuration), "health/live");
        }
        catch (FormatException exception)
        {
            Console.Error.WriteLine($"urls: {exception.Message}");
            return 1;
        }

        using var handler = new SocketsHttpHandler { ConnectTimeout = MaxWait };
        using var http = new HttpMessageInvoker(handler);
        using var limit = new CancellationTokenSource(MaxWait);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await http.SendAsync(request, limit.Token);
            if (answer.IsSuccessStatusCode) return 0;
            Console.Error.WriteLine($"{address} answers {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or SocketException)
        {
            Console.Error.WriteLine($"{address} does not answer: {exception.GetBaseException().Message}");
        }

        return 1;
    }

    /// <summary>The first that the app listens at, over the loopback address.</summary>
    internal static Uri AddressIn(IConfiguration configuration)
    {
        if (First("urls") is { } url)
        {
            var binding = BindingAddress.Parse(url);
            return new Uri($"{binding.Scheme}://localhost:{binding.Port}/");
        }

        return new Uri($"http://localhost:{First("http_ports") ?? "5080"}/");

        string? First(string key) => (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    }
}
