using System.Text.Encodings.Web;

namespace MetaMessaging.Infrastructure.Mailing;

/// <summary>A mail's two forms. The HTML has its styles in the elements, because mail programs drop style sheets.</summary>
internal static class MailBody
{
    public static string Text(Mail mail) =>
        string.Join("\n\n", [.. mail.Before, $"{mail.LinkText}:\n{mail.Link.AbsoluteUri}", .. mail.After, "-- \nMetaMessaging"]) + "\n";

    public static string Html(Mail mail) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <title>{Encode(mail.Subject)}</title>
        </head>
        <body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
        <div style="max-width:520px;margin:0 auto">
        <h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">{Encode(mail.Subject)}</h1>
        {Paragraphs(mail.Before)}
        <p style="margin:24px 0"><a href="{Encode(mail.Link.AbsoluteUri)}"
          style="display:inline-block;padding:12px 20px;border-radius:8px;background:#2f5bea;color:#fff;font-weight:600
          ;text-decoration:none"
          >{Encode(mail.LinkText)}</a></p>
        {Paragraphs(mail.After)}
        <p style="margin:24px 0 0;font-size:13px;opacity:.75">If the button does not work, open this address:<br>
        <a href="{Encode(mail.Link.AbsoluteUri)}" style="color:inherit;word-break:break-all">{Encode(mail.Link.AbsoluteUri)}</a></p>
        </div>
        </body>
        </html>

        """;

    private static string Paragraphs(IEnumerable<string> texts) =>
        string.Join('\n', texts.Select(text => $"""<p style="margin:0 0 12px">{Encode(text)}</p>"""));

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
