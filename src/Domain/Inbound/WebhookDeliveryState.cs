namespace MetaMessaging.Domain.Inbound;

public enum WebhookDeliveryState { Pending, Processed, Failed, Ignored }
