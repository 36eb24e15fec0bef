using System.Globalization;
using System.Net;
using System.Text;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>The dialog's HTML. Its form posts back to the same address with <c>pages</c>, <c>permissions</c> and <c>action</c>.</summary>
internal static class ConsentPage
{
    /// <summary>The value of <c>pages</c> for all current and future Pages.</summary>
    public const string AllPages = "all";

    public static string Ask(Platform platform, Person person, DialogRequest request, Grant? earlier)
    {
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"""
            <p class="who"><img src="/media/portraits/{person.Id}.png" alt="" width="40" height="40">
            Logged in as <strong>{Text(person.Name)}</strong></p>
            <h1>{Text(platform.Settings.App.Name)} would like to manage your Pages and their messages</h1>
            <form method="post" data-consent>
            <fieldset><legend>Choose the Pages</legend>
            """);
        if (person.Pages.IsEmpty) body.Append("<p class=\"empty\">You don't manage any Pages.</p>");
        foreach (var page in person.Pages.Keys.Select(id => platform.Pages[id]).OrderBy(page => page.Id, StringComparer.Ordinal))
        {
            var isChecked = earlier is null || earlier.PageIds.Contains(page.Id) || earlier.PageIds.Count is 0;
            var details = page.Instagram is { } account ? $"{page.Category} · Instagram @{account.Username}" : page.Category;
            body.Append(CultureInfo.InvariantCulture, $"""
                <label class="choice"><input type="checkbox" name="pages" value="{page.Id}"{(isChecked ? " checked" : "")}>
                <span><strong>{Text(page.Name)}</strong><small>{Text(details)}</small></span></label>
                """);
        }

        body.Append(CultureInfo.InvariantCulture, $"""
            <label class="choice"><input type="checkbox" name="pages" value="{AllPages}">
            <span><strong>All current and future Pages</strong></span></label>
            """);
        body.Append("</fieldset><fieldset><legend>What the app may do</legend>");
        foreach (var permission in request.Asked(earlier))
        {
            body.Append(CultureInfo.InvariantCulture, $"""
                <label class="choice"><input type="checkbox" name="permissions" value="{Text(permission)}" checked>
                <span>{Text(Permissions.Describe(permission))}<small><code>{Text(permission)}</code></small></span></label>
                """);
        }

        body.Append("""
            </fieldset>
            <div class="actions"><button name="action" value="cancel" class="quiet">Cancel</button>
            <button name="action" value="continue" class="primary">Continue</button></div>
            </form>
            """);
        return Document("Log in with Facebook (simulated)", body.ToString());
    }

    public static string Problem(string message) =>
        Document("Facebook | Error (simulated)", $"<h1>It isn't possible to log in</h1><p data-dialog-error>{Text(message)}</p>");

    private static string Document(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/css/dialog.css">
        </head>
        <body><header><span class="mark" aria-hidden="true"></span>Simulated Meta login</header><main>{body}</main></body>
        </html>
        """;

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
