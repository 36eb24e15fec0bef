namespace MetaMessaging.Application.Common;

public sealed class MediaTooLargeException(string reason) : Exception(reason);

public sealed class MediaRefusedException(string reason) : Exception(reason);

/// <param name="mayRecover">False when the address has expired or the file is gone.</param>
public sealed class MediaUnavailableException(string reason, bool mayRecover, Exception? inner = null) : Exception(reason, inner)
{
    public bool MayRecover { get; } = mayRecover;
}
