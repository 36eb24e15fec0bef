namespace MetaMessaging.Domain.Common;

/// <summary>The current state forbids the request, which may succeed once the state has changed.</summary>
public sealed class ConflictException(string code, string message) : DomainException(code, message);
