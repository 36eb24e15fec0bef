namespace MetaMessaging.MetaSimulator.State;

/// <summary>A name and a picture in which a Page may write.</summary>
internal sealed record Persona(string Id, string PageId, string Name, string MediaId);
