using MetaMessaging.Application.Connections;

namespace MetaMessaging.WebUI.BackOffice;

/// <param name="Pending">The Pages to choose from, when several were granted in Meta's dialog.</param>
public sealed record IntegrationsViewModel(IntegrationStatus Status, OAuthOutcome Outcome, PendingConnectionModel? Pending)
{
    public IReadOnlyList<ConnectionModel> Connected { get; } =
        [.. Status.Connections.Where(connection => connection.State is not ConnectionState.Disconnected)];

    public IReadOnlyList<ConnectionModel> Disconnected { get; } =
        [.. Status.Connections.Where(connection => connection.State is ConnectionState.Disconnected)];

    public IEnumerable<ConnectionModel> JustConnected =>
        Connected.Where(connection => Outcome.ConnectedPages?.Split(',').Contains(connection.PageId) is true);
}

/// <summary>The query parameters with which the OAuth callback redirects to the page.</summary>
public sealed class OAuthOutcome
{
    [FromQuery(Name = "meta_connected")]
    public string? ConnectedPages { get; set; }

    [FromQuery(Name = "meta_select_page")]
    public long? SelectPage { get; set; }

    [FromQuery(Name = "meta_error")]
    public string? Error { get; set; }
}

internal sealed record OAuthProblem(string Title, string WhatToDo)
{
    public static OAuthProblem Of(string error) => error switch
    {
        "access_denied" => new(
            "The permission was not given",
            "Meta's dialog was closed or declined, so nothing was connected. Start again and confirm every step."),
        "missing_permissions" => new(
            "A needed permission was switched off",
            "Start again and leave all permissions on. If Meta no longer asks, choose “Edit access” in its dialog."),
        "no_pages" => new(
            "Meta offered no Page",
            "Start again and tick the Page in Meta's dialog. You need a role on the Page that may manage messages; "
            + "a Page of a business portfolio may have to be assigned to you first."),
        "invalid_state" => new(
            "This connection attempt has expired",
            "A connection attempt lasts ten minutes, works once, and has to end in the browser it began in. Start again."),
        "exchange_failed" => new(
            "Meta did not confirm the connection",
            "Try again in a minute. If that does not help, a system administrator should check the App ID and App secret under "
            + "Admin → System Config."),
        "page_already_connected" => new(
            "This Page belongs to another organization",
            "A Page can be connected to one organization of this installation at a time. It has to be disconnected there first."),
        _ => new("The connection did not succeed", "Start again. If it fails again, a system administrator finds the reason in the log."),
    };
}
