using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Benchmarks.Ingest;
using MetaMessaging.Benchmarks.Processing;

namespace MetaMessaging.Benchmarks.Micro;

/// <summary>The two steps that each delivery pays for in CPU time: checking the signature and parsing the body.</summary>
[MemoryDiagnoser]
public class WebhookBenchmarks
{
    private byte[] body = [];
    private string signature = "";

    [Params(1, 10)]
    public int Events { get; set; }

    /// <summary>Runs in this process, because a generated project would not find the repository's build settings.</summary>
    public static void Run() => BenchmarkRunner.Run<WebhookBenchmarks>(
        DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)));

    [GlobalSetup]
    public void CreateDelivery()
    {
        body = new ProcessWebhook(customers: 1).Messages(first: 0, Events);
        signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(IngestWebhook.AppSecret), body));
    }

    [Benchmark]
    public bool CheckSignature() => WebhookSignature.IsValid(body, signature, IngestWebhook.AppSecret);

    [Benchmark]
    public int ParsePayload() => WebhookPayload.Parse(body, DateTimeOffset.UnixEpoch).Events.Count;
}
