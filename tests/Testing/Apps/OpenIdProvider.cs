using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MetaMessaging.Testing;

/// <summary>A small OpenID Connect provider at which one person is signed in. It checks the client, the code and its PKCE proof.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "metamessaging";
    public const string ClientSecret = "a secret of the client";

    private readonly WebApplication app;
    private readonly RSA rsa = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> codes = [];

    private OpenIdProvider(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public string Subject { get; set; } = "person-1";

    public string Email { get; set; } = "person@example.com";

    public bool EmailVerified { get; set; } = true;

    public static async Task<OpenIdProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var provider = new OpenIdProvider(builder.Build());
        provider.Map();
        await provider.app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }

    private string Issuer => Address.ToString().TrimEnd('/');

    private RsaSecurityKey Key => new(rsa) { KeyId = "key-1" };

    private void Map()
    {
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["jwks_uri"] = $"{Issuer}/keys",
        }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { PublicKey() } }));
        app.MapGet("/authorize", (HttpRequest request) =>
        {
            var code = Guid.NewGuid().ToString("N");
            codes[code] = (request.Query["nonce"]!, request.Query["code_challenge"]!);
            return Results.Redirect(QueryHelpers.AddQueryString(
                request.Query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = request.Query["state"] }));
        });
        app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var proof = WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"]!)));
            var isKnown = codes.TryRemove(form["code"]!, out var issued) && issued.Challenge == proof
                && form["client_id"] == ClientId && form["client_secret"] == ClientSecret;
            return isKnown
                ? Results.Json(new { access_token = "an access token", token_type = "Bearer", id_token = IdToken(issued.Nonce) })
                : Results.BadRequest(new { error = "invalid_grant" });
        });
        app.MapGet("/userinfo", () => Results.Json(new Dictionary<string, object>
        {
            ["sub"] = Subject, ["email"] = Email, ["email_verified"] = EmailVerified, ["name"] = "Person of the provider",
        }));
    }

    private object PublicKey()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(Key);
        return new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, use = "sig", alg = SecurityAlgorithms.RsaSha256 };
    }

    private string IdToken(string nonce) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = ClientId,
        Claims = new Dictionary<string, object> { ["sub"] = Subject, ["nonce"] = nonce },
        SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
    });
}
