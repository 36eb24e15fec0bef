using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Tests;

/// <summary>What a request looked like on the other side of the wire.</summary>
internal sealed record Asked(string Method, string Path, string Query, string? Authorization, string? ContentType, string Body)
{
    public string Address => Path + Query;

    public string? Parameter(string name) => System.Web.HttpUtility.ParseQueryString(Query)[name];
}

/// <summary>A server in this process that answers as the test says, and remembers what it was asked.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> answers = new();
    private readonly ConcurrentQueue<Asked> asked = new();

    private StubServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<Asked> Calls => [.. asked];

    public static async Task<StubServer> StartAsync()
    {
        var server = new StubServer();
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri(server.app.Urls.Single());
        return server;
    }

    /// <summary>The answers to one method and path, in turn; the last one stays.</summary>
    public void On(string methodAndPath, params RequestDelegate[] replies) => answers[methodAndPath] = new(replies);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        asked.Enqueue(new Asked(
            context.Request.Method,
            context.Request.Path,
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.Authorization,
            context.Request.ContentType,
            await body.ReadToEndAsync(context.RequestAborted)));

        if (!answers.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var replies))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var reply = replies.Count > 1 && replies.TryDequeue(out var next) ? next : replies.First();
        await reply(context);
    }
}

/// <summary>Answers to choose from.</summary>
internal static class Reply
{
    public static RequestDelegate Json(string json, int status = 200, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(json, context.RequestAborted);
    };

    public static RequestDelegate Sample(string name, int status = 200) => Json(GraphSample.Read(name), status);

    public static RequestDelegate Bytes(byte[] bytes, string? contentType, params (string Name, string Value)[] headers) => async context =>
    {
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    };

    public static RequestDelegate Status(int status, string body = "") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    public static RequestDelegate Redirect(string address) => context =>
    {
        context.Response.Redirect(address);
        return Task.CompletedTask;
    };

    /// <summary>Takes the request and hangs up.</summary>
    public static RequestDelegate Drop { get; } = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Takes the request and says nothing until the caller has had enough.</summary>
    public static RequestDelegate Silence { get; } = async context =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };
}

/// <summary>Meta's answers as files.</summary>
internal static class GraphSample
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Payloads", "graph");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));
}
