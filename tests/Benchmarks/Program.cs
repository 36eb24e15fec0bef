using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Micro;
using MetaMessaging.Benchmarks.Nodes;
using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Reading;
using MetaMessaging.Benchmarks.Sending;
using MetaMessaging.Benchmarks.Starting;
using MetaMessaging.Benchmarks.Wal;

const string Usage = """
    usage: dotnet run -c Release --project tests/Benchmarks -- <suite> [options]

      ingest   durable acknowledgements of webhook deliveries
               --seconds 5          the minimum duration of each measurement
               --deliveries 10000   the minimum of deliveries that the app acknowledges in each
               --rounds 3           how often everything is measured; the table shows medians
               --connections 256    how many deliveries are posted in parallel at full load

      process  from the webhook to the stored message
               --seconds 60         how long each rate is measured
               --events 1,10        how many events a delivery holds
               --preload 1000000    how many messages are stored before it is measured again; 0 skips this
               --customers 2000     how many customers send the messages
               --connections 64     the maximum of deliveries posted in parallel
               --ahead 5000         the maximum of events that are posted and not visible yet

      micro    signature check and parser, with BenchmarkDotNet

      read     every GET of the API and every page, on databases of several sizes
               --sizes 10k,1m,10m   how many messages each database has; they are made once and kept in artifacts
               --requests 40        how often each address is requested at most
               --only text          only addresses that contain it

      send     from the queued message to Meta
               --pages 20           how many Pages the conversations belong to; each may send 100 a second
               --conversations 200  how many conversations send in parallel
               --messages 150       how many messages each of them sends
               --latency 50         how many milliseconds Meta takes to answer

      nodes    several nodes on one database that are killed, stopped and paused at random
               --nodes 2            how many nodes
               --events 100000      how many events arrive
               --rate 300           how many events arrive a second; 0 as fast as they are acknowledged
               --sends 10000        how many messages are sent meanwhile
               --latency 2000       how many milliseconds Meta takes to answer a send
               --seconds-between-faults 20   0 causes none
               --pause 60           for how many seconds a paused node stands still
               --pages 20           how many Pages the events and messages belong to
               --seed 1             another number causes other faults

      wal      how long SQLite's write-ahead log becomes while others read without a break
               --seconds 600        how long events arrive; 30 shows the course already
               --rate 1000          how many events arrive a second
               --readers 4          how many readers overlap
               --reading 200        for how many milliseconds each of them reads at a time

      start    from the start of the process to ready, and the first second of ingest and process
               --starts 6           how often it is started
               --idle 15            how many seconds after ready the resident memory is read
               --connections 64     how many deliveries are posted in parallel; without it 64 and then 256
               --warm-up 24         how many seconds of full load come before the warm rate
    """;

// The servers for comparison are this program in another process, under names that the usage does not mention.
switch (args)
{
    case ["ingest", .. var rest] when IngestOptions.Parse(rest) is { } options:
        return await new IngestSuite(options).RunAsync();
    case ["process", .. var rest] when ProcessOptions.Parse(rest) is { } options:
        return await new ProcessSuite(options).RunAsync();
    case ["send", .. var rest] when SendOptions.Parse(rest) is { } options:
        return await new SendSuite(options).RunAsync();
    case ["read", .. var rest] when ReadOptions.Parse(rest) is { } options:
        return await new ReadSuite(options).RunAsync();
    case ["nodes", .. var rest] when NodesOptions.Parse(rest) is { } options:
        return await new NodesSuite(options).RunAsync();
    case ["wal", .. var rest] when WalOptions.Parse(rest) is { } options:
        return await new WalSuite(options).RunAsync();
    case ["start", .. var rest] when StartOptions.Parse(rest) is { } options:
        return await new StartSuite(options).RunAsync();
    case ["micro"]:
        WebhookBenchmarks.Run();
        return 0;
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
