namespace MetaMessaging.Domain.Common;

/// <summary>A rule forbids the request. The code is stable and part of the API; the message is shown to people.</summary>
public class DomainException(string code, string message) : Exception(message) { public string Code { get; } = code; }
