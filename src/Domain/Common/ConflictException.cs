namespace MetaMessaging.Domain.Common;

/// <summary>The state is in the way: the same request may succeed once the state has changed.</summary>
public sealed class ConflictException(string code, string message) : DomainException(code, message);
