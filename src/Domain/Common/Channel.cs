namespace MetaMessaging.Domain.Common;

public enum Channel { FacebookMessenger, InstagramDm }
