using MetaMessaging.Application;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.WebUI;

// Settings are read once: watching their files would also mean watching the database beside them, at every write.
var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
builder.Services.AddApplication();
builder.Services.AddInfrastructure(builder.Configuration);
builder.AddWebUI();

var app = builder.Build();
await app.Services.PrepareDatabaseAsync();
app.UseWebUI();
app.MapWebUI();
await app.RunAsync();

/// <summary>Visible to tests, which start the app as its user would.</summary>
public partial class Program;
