var builder = WebApplication.CreateBuilder(args);

// Not "Urls" in appsettings.json: that would win over ASPNETCORE_URLS.
string[] addressKeys = ["urls", "http_ports", "https_ports"];
if (!addressKeys.Any(key => builder.Configuration[key] is { Length: > 0 })) builder.WebHost.UseUrls("http://localhost:5080");

var app = builder.Build();
await app.RunAsync();
