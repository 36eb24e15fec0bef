namespace MetaMessaging.ArchitectureTests;

internal static class Rule
{
    /// <summary>Names every offence at once, so that one run is enough to mend them.</summary>
    public static void Holds(string rule, IEnumerable<string> offences)
    {
        var found = offences.ToList();
        if (found.Count > 0) Assert.Fail($"{rule}\n  {string.Join("\n  ", found)}");
    }
}
