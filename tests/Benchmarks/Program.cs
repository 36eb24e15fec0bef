using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Processing;

const string Usage = """
    usage: dotnet run -c Release --project tests/Benchmarks -- <suite> [options]

      ingest   durable acknowledgements of webhook deliveries
               --seconds 5          how long each measurement takes at least
               --deliveries 10000   how many deliveries the app acknowledges at least in each
               --rounds 3           how often everything is measured; the table shows medians
               --connections 256    how many deliveries are under way at full load

      process  from the webhook to the stored message
               --seconds 60         how long each rate is measured
               --events 1,10        how many events a delivery holds
               --preload 1000000    how many messages are stored before it is measured again; 0 leaves that out
               --customers 2000     of how many people the messages are
               --connections 32     how many deliveries are under way at most
               --ahead 5000         how many events are posted and not visible yet at most
    """;

// What a suite compares itself with runs in a process of its own: this program again, under a name that the usage does not mention.
switch (args)
{
    case ["ingest", .. var rest] when IngestOptions.Parse(rest) is { } options:
        return await new IngestSuite(options).RunAsync();
    case ["process", .. var rest] when ProcessOptions.Parse(rest) is { } options:
        return await new ProcessSuite(options).RunAsync();
    case [FloorServer.Name, .. var rest]:
        await FloorServer.RunAsync(rest);
        return 0;
    case [SaveEachServer.Name, .. var rest]:
        await SaveEachServer.RunAsync(rest);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
