namespace MetaMessaging.ArchitectureTests;

internal static class Rule
{
    /// <summary>Lists every violation, so that one run shows all of them.</summary>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        var found = violations.ToList();
        if (found.Count > 0) Assert.Fail($"{rule}\n  {string.Join("\n  ", found)}");
    }
}
