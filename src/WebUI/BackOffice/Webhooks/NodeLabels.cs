namespace MetaMessaging.WebUI.BackOffice;

internal static class NodeLabels
{
    private const int CommitLength = 7;

    /// <summary>1.0.0+a73a8355b6d4… as 1.0.0 (a73a835): during an upgrade the commit may be all that differs.</summary>
    public static string Version(NodeModel node) => node.Version.Split('+', 2) is [var version, { Length: >= CommitLength } commit]
        ? $"{version} ({commit[..CommitLength]})"
        : node.Version;
}
