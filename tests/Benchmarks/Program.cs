using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Sending;

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
               --connections 64     how many deliveries are under way at most
               --ahead 5000         how many events are posted and not visible yet at most

      send     from the queued message to Meta
               --pages 20           of how many Pages the conversations are; each may send 100 a second
               --conversations 200  how many conversations send side by side
               --messages 150       how many messages each of them sends
               --latency 50         how many milliseconds Meta takes to answer
    """;

// What a suite compares itself with runs in a process of its own: this program again, under a name that the usage does not mention.
switch (args)
{
    case ["ingest", .. var rest] when IngestOptions.Parse(rest) is { } options:
        return await new IngestSuite(options).RunAsync();
    case ["process", .. var rest] when ProcessOptions.Parse(rest) is { } options:
        return await new ProcessSuite(options).RunAsync();
    case ["send", .. var rest] when SendOptions.Parse(rest) is { } options:
        return await new SendSuite(options).RunAsync();
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
