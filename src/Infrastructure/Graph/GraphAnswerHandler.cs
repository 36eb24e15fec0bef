namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Reads the whole answer; whatever is not clearly a success becomes a <see cref="GraphException"/>.</summary>
internal sealed class GraphAnswerHandler(GraphUsage usage) : DelegatingHandler
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GraphHandler.KindOf(request);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            usage.Record(response);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            if (await RefusalInAsync(response, call, cancellationToken) is { } refusal) throw new GraphException(refusal);

            var answer = response;
            response = null;
            return answer;
        }
        catch (HttpRequestException exception)
        {
            var refusal = WasNeverSent(exception)
                ? GraphErrors.NotReached(exception.Message)
                : GraphErrors.NoAnswer(exception.Message, call);
            throw new GraphException(refusal, exception);
        }
        catch (IOException exception)
        {
            throw new GraphException(GraphErrors.NoAnswer(exception.Message, call), exception);
        }
        catch (OperationCanceledException exception)
            when (exception.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // SocketsHttpHandler reports its connect time-out this way.
            throw new GraphException(GraphErrors.NotReached("No connection in time."), exception);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static bool WasNeverSent(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;

    private static async Task<Refusal?> RefusalInAsync(HttpResponseMessage response, GraphCall call, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var isJson = TryRead(body, out var error);
        if (error is not null) return GraphErrors.Of(error, response.StatusCode, call, RetryAfter(response));
        if (!response.IsSuccessStatusCode) return GraphErrors.OfStatus(response.StatusCode, call, RetryAfter(response));

        var isSuccess = isJson || response.StatusCode is HttpStatusCode.NoContent;
        return isSuccess ? null : GraphErrors.OfStatus(response.StatusCode, call);
    }

    /// <summary>Meta may send an error object with any status, even with 200 (platform reference, Errors → Envelope).</summary>
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

    /// <summary>The longer of Retry-After and the waiting time in the usage header, but at least a minute and at most a day.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now => date - now,   // both times are from Meta's clock
            _ => TimeSpan.Zero,
        };
        var regain = TimeSpan.FromMinutes(GraphUsage.MinutesToRegainAccess(response));
        var wait = regain > header ? regain : header;
        return wait <= TimeSpan.Zero ? null : TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 60, 86_400));
    }
}
