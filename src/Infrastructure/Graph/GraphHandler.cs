using System.Security.Cryptography;
using Polly.Timeout;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>The outermost handler: adds appsecret_proof, makes time-outs a <see cref="GraphException"/>, counts the outcome.</summary>
internal sealed class GraphHandler(IMetaApp metaApp, GraphMeter meter) : DelegatingHandler
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Everything but sending a message is idempotent.</summary>
    public static GraphCall KindOf(HttpRequestMessage request) =>
        (request.Method == HttpMethod.Post, request.RequestUri!.AbsolutePath.Split('/')[^1]) switch
        {
            (true, "messages") => GraphCall.Send,
            (true, "message_attachments") => GraphCall.Upload,
            _ => GraphCall.Read,
        };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = KindOf(request);
        try
        {
            await AddProofAsync(request, cancellationToken);
            var answer = await SendInTimeAsync(request, call, cancellationToken);
            meter.Accepted(call);
            return answer;
        }
        catch (GraphException exception)
        {
            meter.Refused(call, exception.Refusal);
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendInTimeAsync(HttpRequestMessage request, GraphCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new GraphException(GraphErrors.NoAnswer($"No answer within {exception.Timeout.TotalSeconds:0} s.", call), exception);
        }
    }

    /// <summary>Computes appsecret_proof from the token of this call (platform reference, OAuth → appsecret_proof).</summary>
    private async Task AddProofAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization?.Parameter is not { } token) return;
        if ((await metaApp.GetAsync(cancellationToken)).AppSecret is not { Length: > 0 } secret)
            throw new GraphException(GraphErrors.NotConfigured());

        var proof = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));
        if (request.Content is { Headers.ContentType.MediaType: Form } form)
        {
            var fields = await form.ReadAsStringAsync(cancellationToken);
            request.Content = new StringContent($"{fields}&appsecret_proof={proof}", Encoding.UTF8, Form);
            return;
        }

        // A message's JSON keeps its shape: integrations are known to send the proof beside it.
        var address = new UriBuilder(request.RequestUri!);
        address.Query = address.Query.Length > 1 ? $"{address.Query}&appsecret_proof={proof}" : $"?appsecret_proof={proof}";
        request.RequestUri = address.Uri;
    }
}
