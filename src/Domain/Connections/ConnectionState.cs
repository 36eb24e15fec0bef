namespace MetaMessaging.Domain.Connections;

public enum ConnectionState { Active, ReauthorizationRequired, Disconnected }
