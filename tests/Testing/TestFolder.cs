namespace MetaMessaging.Testing;

/// <summary>A temporary folder, deleted when it is disposed.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("metamessaging-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process still writes into it; the operating system deletes temporary files later.
        }
    }
}
