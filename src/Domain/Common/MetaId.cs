namespace MetaMessaging.Domain.Common;

/// <summary>Ids that Meta issues are opaque, case-sensitive text (platform reference, Vocabulary → Ids).</summary>
public static class MetaId { public const int MaxLength = 512; }
