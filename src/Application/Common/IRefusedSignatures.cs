namespace MetaMessaging.Application.Common;

/// <summary>Counts deliveries without a valid signature, in memory, so that a flood of forged ones does not load the database.</summary>
public interface IRefusedSignatures { void Record(); }
