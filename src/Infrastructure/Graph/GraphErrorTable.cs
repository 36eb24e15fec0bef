using static MetaMessaging.Domain.Common.RefusalActor;
using static MetaMessaging.Domain.Common.RefusalClass;

namespace MetaMessaging.Infrastructure.Graph;

/// <param name="MessagePart">The row applies only when "type: message" contains this text and no row has the subcode.</param>
/// <param name="OfSend">For messages and uploads this row replaces the one with the same numbers.</param>
internal sealed record GraphErrorRow(
    int Code, int? Subcode, RefusalClass Class, RefusalActor Actor, bool Retryable, string Title, string? MessagePart = null,
    bool OfSend = false);

/// <summary>All known refusals of Meta's (platform reference, Errors → Table).</summary>
internal static class GraphErrorTable
{
    /// <summary>In Meta's message about a list that is too much for one answer; a smaller limit helps, repeating does not.</summary>
    public const string TooMuchData = "reduce the amount of data";

    public const string Checking = "Meta had a temporary problem. We will check whether the message was sent.";
    public const string Temporary = "Temporary problem at Meta; retrying.";
    public const string Limited = "Meta's rate limit is reached; the message will be sent shortly.";
    public const string Reconnect = "The connection to Meta has expired. Reconnect the Page.";

    private const string OutsideWindow = "More than 24 hours since the customer's last message. You can reply again when they write.";
    private const string NotReceiving = "This person isn't receiving messages from you.";
    private const string NotAvailable = "This person isn't available (may have blocked the Page).";
    private const string OtherApp = "Another app (or Meta's inbox or AI) is handling this conversation.";
    private const string NotFound = "This Instagram user can't be found (deleted or blocked).";
    private const string InstagramTrouble =
        "Instagram has a temporary problem and accepts no messages. The same message can be sent later.";
    private const string PageRestricted = "Meta has temporarily restricted this Page. Check Page quality and the Support inbox.";
    private const string GrantAll = "Reconnect the Page and grant all permissions.";
    private const string LogInFirst =
        "The person who connected must log in to facebook.com and follow the instructions there, then reconnect the Page.";
    private const string StartAgain = "The code from Meta's dialog has expired or was used already. Please start the connection again.";
    private const string WrongSecret = "Meta does not accept the App secret. A system administrator corrects it in System Config.";
    private const string NoProfile = "Meta does not show the profile of this person.";
    private const string TooLong = "Message too long: Messenger accepts 2000 characters, Instagram 1000 bytes.";
    private const string SourceGone = "The message you replied to is no longer available.";
    private const string SoftwareFault = "Meta refused the message because of an error in this software. Please report it.";

    public static readonly GraphErrorRow[] Rows =
    [
        new(1, null, OutcomeUnknown, Wait, true, Checking),
        new(1, 99, Permission, Admin, true,
            "The app is missing a permission at Meta. An administrator reconnects the Page and grants all permissions."),
        new(1, 1357046, OutcomeUnknown, Wait, true, Checking),   // Meta documents that the message was sent in spite of this error
        new(1, null, Parameter, Admin, false, WrongSecret, "validating client secret"),
        new(1, null, Parameter, Meta, true, "Meta could not read that much at once.", TooMuchData),
        new(2, null, Transient, Wait, true, Temporary),
        new(2, 2018344, Permission, Admin, true, "An administrator of the Page has to accept Meta's terms for Page contacts first."),
        new(3, null, Permission, Admin, true, "The app has not passed Meta's App Review for this."),
        .. Limits((4, null), (4, 2018022), (17, null), (32, null), (341, null), (613, null), (613, 1996), (613, 2534040)),
        .. Limits((80001, null), (80002, null), (80006, null)),
        new(10, null, Permission, Admin, true, GrantAll),
        new(10, null, RefusalClass.Thread, Agent, true, OtherApp, "controlling this thread"),
        new(10, 1404170, Permission, Admin, true, GrantAll),
        new(10, 1893063, Restricted, Admin, true, PageRestricted),
        new(10, 2018065, Window, Agent, false, OutsideWindow),
        new(10, 2018108, RefusalClass.Recipient, Agent, false, "This person can't receive your messages."),
        new(10, 2018278, Window, Agent, false, OutsideWindow),
        new(10, 2018300, RefusalClass.Thread, Agent, true, OtherApp),
        new(10, 2534022, Window, Agent, false, OutsideWindow),
        new(10, 2534122, Restricted, Admin, true, PageRestricted),
        new(100, null, Parameter, Agent, false, "Meta refused the content of this message."),
        new(100, null, Permission, Admin, false,
            "The 24-hour window is closed and the 7-day extension is not approved for this app.", "'HUMAN_AGENT'"),
        new(100, null, Parameter, Agent, false, TooLong, "message[text]"),
        new(100, null, Parameter, Agent, false, TooLong, "1000 bytes"),
        new(100, null, Permission, Admin, true, WrongSecret, "appsecret_proof"),
        new(100, null, Transient, Meta, true, InstagramTrouble, "IGApiException: Unsupported request - method type"),
        new(100, Refusal.NoSuchObject, Permission, Admin, true,
            "Meta does not know this, or the app may not see it. If it happens with every message, reconnect the Page."),
        new(100, 36007, Parameter, Admin, false, StartAgain),
        new(100, 36008, Parameter, Admin, false,
            "Meta could not verify the dialog's code: it has expired or was used, the redirect address differs, or the app secret is "
            + "wrong. Please start the connection again."),
        new(100, 36009, Parameter, Admin, false, StartAgain),
        new(100, 1893061, Parameter, Admin, false, SoftwareFault),   // a message tag that Meta has withdrawn
        new(100, 2018001, RefusalClass.Recipient, Agent, false,
            "This customer can't be reached through this Page (account deleted, or another Page's customer)."),
        new(100, 2018008, Attachment, Admin, true, "Meta could not download the file."),
        new(100, 2018047, Attachment, Agent, false, "The file type does not match its content."),
        new(100, 2018074, Attachment, Agent, true, "The uploaded file is no longer available at Meta. Attach it again."),
        new(100, 2018109, Attachment, Agent, false, "The file is too large (at most 25 MB, pictures 8 MB)."),
        new(100, 2018218, Profile, Meta, false, NoProfile),
        new(100, 2018218, RefusalClass.Recipient, Agent, false, NotFound, OfSend: true),
        new(100, 2018294, Attachment, Agent, true, "The video could not be processed."),
        new(100, 2534013, Permission, Admin, true,
            "The Instagram account is no longer linked to the Page. Link it in the Page's settings, then reconnect."),
        new(100, 2534014, RefusalClass.Recipient, Agent, false, NotFound),
        new(100, 2534025, Parameter, Agent, false, "This comment has already been answered with its one private reply."),
        new(100, 2534029, Restricted, Admin, true, "Instagram blocked this account from sending through the API."),
        new(100, 2534037, RefusalClass.Thread, Agent, true, OtherApp),
        new(101, null, Parameter, Admin, false, "Meta does not know this app. A system administrator checks the App ID in System Config."),
        new(102, null, Token, Admin, true, Reconnect),
        new(190, null, Token, Admin, true, Reconnect),
        new(190, null, Token, Admin, true,
            "The Page is not published, so Meta refuses its access token. Publish the Page, then reconnect it.",
            "Page that is not accessible"),
        new(190, null, Permission, Admin, true,
            "The person who connected may not write messages for this Page. Give them full access to it, then reconnect.",
            "before impersonating a user's page"),
        new(190, 458, Token, Admin, true, "The person who connected has removed the app from their Facebook account. Reconnect the Page."),
        new(190, 459, Token, Admin, true, LogInFirst),
        new(190, 460, Token, Admin, true, "The person who connected has changed their Facebook password. Reconnect the Page."),
        new(190, 463, Token, Admin, true, Reconnect),
        new(190, 464, Token, Admin, true, LogInFirst),
        new(190, 467, Token, Admin, true, "The person who connected has logged out of Facebook everywhere. Reconnect the Page."),
        new(190, 490, Token, Admin, true, LogInFirst),
        new(190, 492, Token, Admin, true, "The person who connected no longer manages this Page. Somebody who does reconnects it."),
        new(191, null, Parameter, Admin, false,
            "The redirect address is not registered at Meta. Add it under Valid OAuth Redirect URIs in the App Dashboard."),
        new(200, null, Permission, Admin, true, "A permission was not granted, or was taken back. " + GrantAll),
        new(200, 1545041, RefusalClass.Recipient, Agent, false, NotReceiving),
        new(200, 2018021, Permission, Admin, true, "Meta has not approved messages to phone numbers for this Page."),
        new(200, 2018027, Permission, Admin, true, "Meta has not approved messages to phone numbers for this app."),
        new(200, 2018028, Permission, Admin, true, "The app is not live yet: only testers can be messaged."),
        new(200, 2534041, Permission, Admin, true,
            "Turn on 'Allow access to messages' in the Instagram app (Settings, Messages, Connected tools)."),
        new(230, null, Profile, Meta, false, NoProfile),
        new(230, null, Permission, Admin, true, GrantAll, "pages_messaging"),
        new(230, null, Permission, Admin, true, GrantAll, OfSend: true),
        new(368, null, Restricted, Admin, true, "Meta temporarily blocked this action. Check Page quality and the Support inbox."),
        new(506, null, Parameter, Agent, false, "Meta refused the message as a duplicate."),
        new(508, 2534122, Parameter, Agent, false, "Instagram does not allow this link to be shared. Send the message without the link."),
        new(546, null, Attachment, Agent, false, "Meta does not allow this type of file. Send it in another format."),
        new(551, null, RefusalClass.Recipient, Agent, false, NotAvailable),
        new(551, 1545041, RefusalClass.Recipient, Agent, false, NotAvailable),
        new(1200, null, Transient, Wait, true, Temporary),
        new(2500, null, Parameter, Admin, false, SoftwareFault),
        new(9010, null, Profile, Meta, false, NoProfile),
        new(9010, null, RefusalClass.Recipient, Agent, false, NotFound, OfSend: true),
        new(10303, null, Parameter, Agent, false, "The link between the accounts has expired."),
        new(10900, null, Parameter, Agent, false, SourceGone),
        new(36000, null, Attachment, Agent, false, "The picture is too large (at most 8 MB). Send a smaller one."),
        // one of Meta's pages says outside the window, but we check the window before sending
        new(1545041, null, RefusalClass.Recipient, Agent, false, NotReceiving),
        new(1609005, null, Parameter, Agent, false, "Meta refused the link in this message."),
        new(9000001, null, Parameter, Agent, false, SourceGone),
    ];

    private static IEnumerable<GraphErrorRow> Limits(params (int Code, int? Subcode)[] codes) =>
        codes.Select(c => new GraphErrorRow(c.Code, c.Subcode, Rate, Wait, true, Limited));
}
