namespace MetaMessaging.Application.Common;

/// <summary>Meta refused a call or did not answer it.</summary>
public sealed class GraphException(Refusal refusal, Exception? inner = null) : Exception(refusal.Title, inner)
{
    public Refusal Refusal { get; } = refusal;
}
