using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Testing;

/// <summary>A database file with the schema and no rows, migrated once a process.</summary>
internal static class EmptyTemplate
{
    private static readonly TestFolder Folder = new();
    private static readonly Lazy<Task<string>> File = new(CreateAsync);

    static EmptyTemplate() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Dispose();

    public static async Task CopyToAsync(string path) => System.IO.File.Copy(await File.Value, path);

    private static async Task<string> CreateAsync()
    {
        var file = Folder.File("empty.db");
        await using var db = DesignTimeContexts.Sqlite();
        db.Database.SetConnectionString($"Data Source={file};Pooling=False");
        await db.Database.MigrateAsync();
        return file;
    }
}
