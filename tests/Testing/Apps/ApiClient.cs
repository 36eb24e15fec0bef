using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Testing;

/// <summary>A client of the HTTP API; follows no redirects.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient http;

    public ApiClient(Uri address, bool cookies)
    {
        Cookies = new CookieContainer();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies, CookieContainer = Cookies };
        http = new HttpClient(handler) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; }

    public string? RefreshToken { get; private set; }

    public string? AccessToken
    {
        get => http.DefaultRequestHeaders.Authorization?.Parameter;
        set => http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    public async Task SignInAsync(string email, string password)
    {
        var answer = await PostAsync("api/auth/login", new { email, password });
        if (answer.Status is not 200) throw new InvalidOperationException($"{email} cannot sign in: {answer}");
        AccessToken = (string)answer.Json["accessToken"]!;
        RefreshToken = (string)answer.Json["refreshToken"]!;
    }

    /// <summary>As a browser does, which has a cookie afterwards.</summary>
    public async Task<Answer> SignInByFormAsync(string email, string password, string returnUrl = "")
    {
        var form = await GetAsync("account/login", ("Accept", "text/html"));
        return await PostFormAsync(
            "account/login", ("Email", email), ("Password", password), ("ReturnUrl", returnUrl),
            ("__RequestVerificationToken", form.AntiforgeryToken));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), headers);

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, JsonContent.Create(body));

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PostFormAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    /// <summary>Delivers as Meta does.</summary>
    /// <param name="signature">The header's value; null leaves it out.</param>
    public Task<Answer> DeliverAsync(byte[] body, string? signature)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        (string, string)[] headers = signature is null ? [] : [("X-Hub-Signature-256", signature)];
        return SendAsync(HttpMethod.Post, "integrations/meta-messaging/webhook", content, headers);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Goes through Meta's dialog like a person in a browser.</summary>
    /// <returns>Path and query of the page that the browser ends on.</returns>
    public async Task<string> RunDialogAsync(
        IReadOnlyCollection<string> pageIds, IReadOnlyCollection<string>? permissions = null, string action = "continue")
    {
        var start = await GetAsync("api/integrations/meta/oauth-url");
        if (start.Status is not 200) throw new InvalidOperationException($"The dialog cannot begin: {start}");
        return await FinishAsync(await AnswerDialogAsync((string)start.Json["url"]!, pageIds, permissions, action));
    }

    /// <returns>The callback that Meta sends the browser to.</returns>
    public async Task<string> AnswerDialogAsync(
        string dialog, IReadOnlyCollection<string> pageIds, IReadOnlyCollection<string>? permissions = null, string action = "continue")
    {
        var fields = pageIds.Select(id => KeyValuePair.Create("pages", id))
            .Concat((permissions ?? MetaPermissions.All).Select(p => KeyValuePair.Create("permissions", p)))
            .Append(KeyValuePair.Create("action", action));
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(dialog, form);
        return answer.Headers.Location?.ToString()
            ?? throw new InvalidOperationException($"The dialog refused: {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<string> FinishAsync(string callback) =>
        (await GetAsync(callback)).Location ?? throw new InvalidOperationException("The callback did not redirect.");

    public void Dispose() => http.Dispose();
}

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record Answer(int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Bytes) ?? throw new InvalidOperationException("The answer is a JSON null.");

    public string? Code => ContentType == "application/problem+json" ? (string?)Json["code"] : null;

    public string? Location => Headers.GetValueOrDefault("Location");

    /// <summary>The hidden field of the page's forms.</summary>
    public string AntiforgeryToken =>
        Regex.Match(Text, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;

    public T Read<T>() => JsonSerializer.Deserialize<T>(Bytes, JsonSerializerOptions.Web)!;

    public override string ToString() => $"{Status} {ContentType} {Text}";

    internal static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join("; ", h.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsByteArrayAsync());
}
