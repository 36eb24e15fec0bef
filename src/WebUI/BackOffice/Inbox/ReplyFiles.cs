using System.Text.Json;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The domain's rules for files, for the checks that the composer makes before it uploads one.</summary>
internal static class ReplyFiles
{
    /// <summary>Browsers use several names for these types.</summary>
    private static readonly ILookup<string, string> OtherNames = new[]
    {
        ("audio/mp4", "audio/x-m4a"), ("audio/mp4", "audio/m4a"), ("audio/wav", "audio/x-wav"), ("audio/wav", "audio/wave"),
        ("audio/wav", "audio/vnd.wave"), ("audio/aac", "audio/x-aac"), ("audio/aac", "audio/aacp"), ("video/x-msvideo", "video/avi"),
    }.ToLookup(pair => pair.Item1, pair => pair.Item2);

    /// <returns>The <c>accept</c> attribute of the file field; null when every type is allowed.</returns>
    public static string? Accept(Channel channel)
    {
        var types = Rules(channel).Select(rule => rule.Type).ToList();
        return types.Contains("*/*") ? null : string.Join(',', types);
    }

    public static string RulesJson(Channel channel) =>
        JsonSerializer.Serialize(Rules(channel).Select(rule => new { type = rule.Type, maxBytes = rule.MaxBytes }));

    public static string Offer(Channel channel) => channel is Channel.FacebookMessenger
        ? $"Any file up to {Figures.Size(MessagingLimits.MaxFileBytes)}"
        : "Pictures, videos, sound and PDF";

    public static string Unsupported(Channel channel) => channel is Channel.FacebookMessenger
        ? "Messenger does not take this kind of file."
        : "Instagram takes pictures, videos, sound and PDF; not this kind of file.";

    private static IEnumerable<(string Type, long MaxBytes)> Rules(Channel channel) => MessagingLimits.FileRules(channel)
        .SelectMany(rule => OtherNames[rule.ContentType].Prepend(rule.ContentType).Select(type => (type, rule.MaxSize)));
}
