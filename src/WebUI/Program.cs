var builder = WebApplication.CreateBuilder(args);

// Not "Urls" in appsettings.json: that would win over ASPNETCORE_URLS.
if (!new[] { "urls", "http_ports", "https_ports" }.Any(key => builder.Configuration[key] is { Length: > 0 })) builder.WebHost.UseUrls("http://localhost:5080");

var app = builder.Build();
await app.RunAsync();
