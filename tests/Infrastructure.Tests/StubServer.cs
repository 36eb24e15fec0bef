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

internal sealed record ReceivedRequest(string Method, string Path, string Query, string? Authorization, string? ContentType, string Body)
{
    public string Address => Path + Query;

    public string? Parameter(string name) => System.Web.HttpUtility.ParseQueryString(Query)[name];

    /// <summary>A field of a form in the body.</summary>
    public string? Field(string name) => System.Web.HttpUtility.ParseQueryString(Body)[name];
}

/// <summary>A server in this process that answers as the test configures, and keeps the requests it received.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> answers = new();
    private readonly ConcurrentQueue<ReceivedRequest> received = new();

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

    public IReadOnlyList<ReceivedRequest> Calls => [.. received];

    public static async Task<StubServer> StartAsync()
    {
        var server = new StubServer();
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri(server.app.Urls.Single());
        return server;
    }

    /// <summary>Sets the answers to one method and path, used in order; the last one is repeated.</summary>
    public void On(string methodAndPath, params RequestDelegate[] replies) => answers[methodAndPath] = new(replies);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        received.Enqueue(new ReceivedRequest(
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

    /// <summary>Accepts the request and closes the connection.</summary>
    public static RequestDelegate Drop { get; } = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Accepts the request and sends nothing until the caller cancels.</summary>
    public static RequestDelegate Silence { get; } = async context =>
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    };
}

/// <summary>Answers of Meta's from Payloads/graph.</summary>
internal static class GraphSample
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Payloads", "graph");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));
}
