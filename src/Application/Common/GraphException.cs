using MetaMessaging.Domain.Common;

namespace MetaMessaging.Application.Common;

/// <summary>Meta said no, or nothing; <see cref="Refusal"/> says it in our words.</summary>
public sealed class GraphException(Refusal refusal, Exception? inner = null) : Exception(refusal.Title, inner)
{
    public Refusal Refusal { get; } = refusal;
}
