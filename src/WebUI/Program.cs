using MetaMessaging.Application;
using MetaMessaging.Infrastructure;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.WebUI;

// Settings files are not watched: the watcher covers their folder, so every write to the database in it would wake it up.
var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
builder.Services.AddApplication();
builder.Services.AddInfrastructure(builder.Configuration);
builder.AddWebUI();

await using var app = builder.Build();
try
{
    await app.Services.PrepareDatabaseAsync();
}
catch (IncompatibleDatabaseException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

app.UseWebUI();
app.MapWebUI();
await app.RunAsync();
return 0;

/// <summary>Public, so that tests can start the app through its own entry point.</summary>
public partial class Program;
