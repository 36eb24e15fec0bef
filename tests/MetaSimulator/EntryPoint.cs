namespace MetaMessaging.MetaSimulator;

internal static class EntryPoint
{
    public static async Task Main(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddCommandLine(args)
            .Build();

        await using var simulator = await Simulator.StartAsync(SimulatorOptions.From(configuration));

        Console.WriteLine($"Meta simulator on {simulator.BaseAddress} (control page), {simulator.BaseAddress}phone (customers' phones)");
        await simulator.WaitForShutdownAsync();
    }
}
