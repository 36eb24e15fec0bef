using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace MetaMessaging.Testing;

/// <summary>A mail server on a free port of this machine, which keeps what it gets.</summary>
/// <remarks>With a certificate, which nobody trusts, it offers TLS and takes passwords over TLS only.</remarks>
public sealed class MailServer : MessageStore, IUserAuthenticator, IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public MailServer(X509Certificate2? certificate = null, bool isTlsFromTheStart = false)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))   // SmtpServer does not say which port it got
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var options = new SmtpServerOptionsBuilder().ServerName("localhost")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(isTlsFromTheStart);
                if (certificate is not null) endpoint.Certificate(certificate);
                else endpoint.AllowUnsecureAuthentication();
            }).Build();
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IUserAuthenticator)this);
        running = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
    }

    public int Port { get; }

    public ConcurrentQueue<MimeMessage> Received { get; } = new();

    /// <summary>With which clients have signed in.</summary>
    public ConcurrentQueue<string> Passwords { get; } = new();

    /// <summary>The answer to the next mails.</summary>
    public SmtpResponse Answer { get; set; } = SmtpResponse.Ok;

    /// <summary>The settings of an app that sends through it.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Mail:Host"] = "127.0.0.1",
        ["Mail:Port"] = $"{Port}",
        ["Mail:From"] = "MetaMessaging <inbox@example.com>",
        ["Mail:Security"] = "none",
    };

    public override async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        if (Answer != SmtpResponse.Ok) return Answer;
        using var stream = new MemoryStream(buffer.ToArray());
        Received.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
        return SmtpResponse.Ok;
    }

    public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken)
    {
        Passwords.Enqueue(password);
        return Task.FromResult(true);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
