namespace MetaMessaging.Application.Common;

/// <summary>A class that several classes of one unit of work share. Scanning registers it, scoped, under its own type.</summary>
public interface IScopedService;
