namespace MetaMessaging.Domain.Conversations;

public enum ConversationStatus { Open, Snoozed, Closed }
