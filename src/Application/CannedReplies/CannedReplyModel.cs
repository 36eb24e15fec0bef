namespace MetaMessaging.Application.CannedReplies;

/// <param name="Text">With its placeholders.</param>
public sealed record CannedReplyModel(long Id, string Name, string Shortcut, string Text);
