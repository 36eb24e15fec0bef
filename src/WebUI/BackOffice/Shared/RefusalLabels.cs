using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

internal static class RefusalLabels
{
    public static string Name(RefusalClass? refusal) => refusal switch
    {
        RefusalClass.Transient => "Temporary problem",
        RefusalClass.Rate => "Meta's limit",
        RefusalClass.Token => "Connection expired",
        RefusalClass.Permission => "Permission missing",
        RefusalClass.Window => "Reply window closed",
        RefusalClass.Recipient => "Person can't be reached",
        RefusalClass.Parameter => "Content refused",
        RefusalClass.Attachment => "File refused",
        RefusalClass.Thread => "Another app answers",
        RefusalClass.Restricted => "Page restricted",
        RefusalClass.Profile => "Profile hidden",
        RefusalClass.OutcomeUnknown => "Outcome unknown",
        _ => "Other reason",
    };

    public static string Code(int code, int? subcode) => subcode is null ? $"{code}" : $"{code}/{subcode}";

    /// <summary>Says who can solve the problem, and whether sending the message again can help.</summary>
    public static string WhatHelps(MessageErrorModel error) => error switch
    {
        { Actor: RefusalActor.Admin } => "An admin has to act first.",
        { Actor: RefusalActor.Wait } or { Actor: RefusalActor.Meta, Retryable: true } => "Try again later.",
        { Actor: RefusalActor.Meta } => "Only Meta can change this.",
        { Retryable: true } => "You can try again.",
        _ => "Sending it again does not help.",
    };

    public static bool IsSolvedByReconnecting(MessageErrorModel error) =>
        error is { Actor: RefusalActor.Admin, Class: RefusalClass.Token or RefusalClass.Permission };
}
