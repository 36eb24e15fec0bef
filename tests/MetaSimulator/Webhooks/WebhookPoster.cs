using System.Diagnostics;
using System.Net.Http.Headers;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>Sends one signed POST, with the timeout that Meta has for receivers (platform reference, Webhooks → Delivery rules).</summary>
internal sealed class WebhookPoster(Platform platform, HttpClient http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<DeliveryAttempt> PostAsync(string callbackUrl, byte[] body, CancellationToken cancellationToken)
    {
        var secret = platform.Settings.App.Secret;
        var (status, latency, error, _) = await PostAsync(
            callbackUrl, body, WebhookSignature.Of(body, secret), WebhookSignature.LegacyOf(body, secret), readAnswer: false,
            cancellationToken);
        return new DeliveryAttempt(platform.Clock.Now, status, latency, error);
    }

    /// <summary>Sends the given signatures; null leaves a header out.</summary>
    public async Task<(int Status, double LatencyMs, string? Error, string? Answer)> PostAsync(
        string callbackUrl, byte[] body, string? signature, string? legacySignature, bool readAnswer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, callbackUrl);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("User-Agent", "facebookexternalua");
        if (signature is not null) request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        if (legacySignature is not null) request.Headers.TryAddWithoutValidation("X-Hub-Signature", legacySignature);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(platform.Settings.Behaviour.WebhookTimeoutMs);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await http.SendAsync(request, limit.Token);
            var text = readAnswer ? await answer.Content.ReadAsStringAsync(limit.Token) : null;
            return ((int)answer.StatusCode, Elapsed(), null, text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (0, Elapsed(), "timed out", null);
        }
        catch (HttpRequestException exception)
        {
            return (0, Elapsed(), exception.Message, null);
        }

        double Elapsed() => Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
