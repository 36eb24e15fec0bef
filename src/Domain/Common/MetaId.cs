namespace MetaMessaging.Domain.Common;

/// <summary>Ids that Meta issues are opaque, case-sensitive text (platform reference 0.3).</summary>
public static class MetaId
{
    public const int MaxLength = 512;
}
