namespace MetaMessaging.Domain.Contacts;

public enum ProfileState { Pending, Complete, Unavailable }
