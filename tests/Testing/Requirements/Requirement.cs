namespace MetaMessaging.Testing;

/// <summary>What some tests need and not every machine has.</summary>
public enum Requirement
{
    SqlServer,
    Chromium,
    Node,
    Redis,
}

/// <summary>On a test class, or on a fixture that test classes use: its tests run only where the machine has this.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(Requirement requirement) : Attribute
{
    public Requirement Requirement => requirement;
}

public static class Requirements
{
    private static readonly string[] ChromiumPaths =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    public static string? ChromiumPath { get; } = Array.Find(ChromiumPaths, File.Exists);

    /// <returns>Null when this machine has it. In CI only SQL Server may be missing: other tests run, and fail without what they need.
    /// </returns>
    public static string? WhyMissing(Requirement requirement) => requirement switch
    {
        Requirement.SqlServer => HasSqlServer ? null : $"{SqlServerTestDatabase.ServerVariable} is not set and there is no Docker",
        Requirement.Chromium => ChromiumPath is not null || IsCI ? null : "no Chromium is installed",
        Requirement.Node => IsCI || (HasProgram("node") && HasProgram("npm")) ? null : "Node.js with npm is not installed",
        Requirement.Redis => IsCI || HasProgram("redis-server") ? null : "redis-server is not installed",
        _ => throw new ArgumentOutOfRangeException(nameof(requirement)),
    };

    /// <summary>What a test class needs, by itself or through its fixtures.</summary>
    public static IEnumerable<Requirement> Of(Type testClass) =>
        testClass.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IClassFixture<>))
            .Select(fixture => fixture.GenericTypeArguments[0]).Prepend(testClass)
            .SelectMany(type => type.GetCustomAttributes(typeof(RequiresAttribute), inherit: true).Cast<RequiresAttribute>())
            .Select(attribute => attribute.Requirement)
            .Distinct();

    private static bool IsCI => Environment.GetEnvironmentVariable("CI") == "true";

    private static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    private static bool HasSqlServer =>
        Environment.GetEnvironmentVariable(SqlServerTestDatabase.ServerVariable) is { Length: > 0 }
        || File.Exists("/var/run/docker.sock")
        || Environment.GetEnvironmentVariable("DOCKER_HOST") is not null;
}
