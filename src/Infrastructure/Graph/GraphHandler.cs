using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>
/// Around every call to the Graph API: the proof of the app secret, a time-out, a bounded answer, further tries of reads, and a
/// <see cref="GraphException"/> for everything that is not a clear yes.
/// </summary>
internal sealed class GraphHandler(IMetaApp metaApp, GraphUsage usage, GraphMeter meter, IOptions<GraphOptions> options) : DelegatingHandler
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;
    private const int ReadTries = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = KindOf(request);
        try
        {
            var answer = await CallAsync(request, call, cancellationToken);
            meter.Accepted(call);
            return answer;
        }
        catch (GraphException exception)
        {
            meter.Refused(call, exception.Refusal);
            throw;
        }
    }

    private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, GraphCall call, CancellationToken cancellationToken)
    {
        var limit = call switch
        {
            GraphCall.Send => options.Value.SendTimeout,
            GraphCall.Upload => options.Value.UploadTimeout,
            _ => options.Value.ReadTimeout,
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);

        await ProveAsync(request, cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryAsync(request, call, timeout.Token);
                }
                catch (GraphException exception) when (
                    request.Method == HttpMethod.Get && exception.Refusal.Class is RefusalClass.Transient && attempt < ReadTries)
                {
                    await Task.Delay(options.Value.ReadRetryDelay * attempt, timeout.Token);
                }
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GraphException(GraphErrors.NoAnswer($"No answer within {limit.TotalSeconds:0} s.", call), exception);
        }
    }

    /// <summary>Only sending a message is not idempotent.</summary>
    public static GraphCall KindOf(HttpRequestMessage request) => (request.Method == HttpMethod.Post, request.RequestUri!.AbsolutePath.Split('/')[^1]) switch
    {
        (true, "messages") => GraphCall.Send,
        (true, "message_attachments") => GraphCall.Upload,
        _ => GraphCall.Read,
    };

    /// <summary>appsecret_proof, for the token of this very call (platform reference, OAuth → appsecret_proof).</summary>
    private async Task ProveAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization?.Parameter is not { } token) return;
        if ((await metaApp.GetAsync(cancellationToken)).AppSecret is not { Length: > 0 } secret)
            throw new GraphException(GraphErrors.NotConfigured());

        var proof = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));
        var address = new UriBuilder(request.RequestUri!);
        address.Query = address.Query.Length > 1 ? $"{address.Query}&appsecret_proof={proof}" : $"?appsecret_proof={proof}";
        request.RequestUri = address.Uri;
    }

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, GraphCall call, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            usage.Note(response);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            if (await RefusalInAsync(response, call, cancellationToken) is { } refusal) throw new GraphException(refusal);

            var answer = response;
            response = null;
            return answer;
        }
        catch (HttpRequestException exception)
        {
            throw new GraphException(
                WasNeverSent(exception) ? GraphErrors.NotReached(exception.Message) : GraphErrors.NoAnswer(exception.Message, call), exception);
        }
        catch (IOException exception)
        {
            throw new GraphException(GraphErrors.NoAnswer(exception.Message, call), exception);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // This is how SocketsHttpHandler reports its connect time-out.
            throw new GraphException(GraphErrors.NotReached("No connection in time."), exception);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static bool WasNeverSent(HttpRequestException failed) => failed.HttpRequestError
        is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;

    private static async Task<Refusal?> RefusalInAsync(HttpResponseMessage response, GraphCall call, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var readable = TryRead(body, out var error);
        if (error is not null) return GraphErrors.Of(error, response.StatusCode, call, RetryAfter(response));
        if (!response.IsSuccessStatusCode) return GraphErrors.OfStatus(response.StatusCode, call, RetryAfter(response));

        var isYes = readable || response.StatusCode is HttpStatusCode.NoContent;
        return isYes ? null : GraphErrors.OfStatus(response.StatusCode, call);
    }

    /// <summary>An error object may come with any status, 200 included (platform reference, Errors → Envelope).</summary>
    private static bool TryRead(byte[] body, out GraphError? error)
    {
        error = null;
        try
        {
            using var answer = JsonDocument.Parse(body);
            if (answer.RootElement.ValueKind is JsonValueKind.Object && answer.RootElement.TryGetProperty("error", out var found))
            {
                error = found.ValueKind switch
                {
                    JsonValueKind.Object => found.Deserialize(GraphJson.Default.GraphError),
                    JsonValueKind.Null => null,
                    _ => new GraphError(found.ToString(), null, null, null, null, null, null),
                };
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>How long Meta wants to be left alone: at least a minute, at most a day (platform reference, Send API → Limits).</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now => date - now,   // both by Meta's clock
            _ => TimeSpan.Zero,
        };
        var regain = TimeSpan.FromMinutes(GraphUsage.MinutesToRegainAccess(response));
        var wait = regain > asked ? regain : asked;
        return wait <= TimeSpan.Zero ? null : TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 60, 86_400));
    }
}
