using System.Globalization;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Graph;

/// <summary>Meta's error envelope (platform reference, Errors → Envelope).</summary>
internal sealed record GraphError(
    int Code, int? Subcode, string Message, string Type = "OAuthException", int HttpStatus = 400, bool? IsTransient = null)
{
    public JsonObject ToJson(string traceId)
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = Type, ["code"] = Code };
        if (Subcode is { } subcode) error["error_subcode"] = subcode;
        if (IsTransient is { } transient) error["is_transient"] = transient;
        error["fbtrace_id"] = traceId;
        return new JsonObject { ["error"] = error };
    }
}

internal sealed class GraphException(GraphError error) : Exception(error.Message)
{
    public GraphError Error => error;
}

/// <summary>The errors that the simulator returns by itself, and the catalogue of message texts for injected errors.</summary>
internal static class GraphErrors
{
    private const string Graph = "GraphMethodException";
    private const string Instagram = "IGApiException";

    private static readonly Dictionary<(int Code, int? Subcode), GraphError> Catalogue = new GraphError[]
    {
        new(1, null, "An unknown error occurred", HttpStatus: 500),
        new(1, 99, "An unknown error occurred", HttpStatus: 500),
        new(1, 1357046, "Received invalid JSON reply", HttpStatus: 500),
        new(2, null, "An unexpected error has occurred. Please retry your request later.", HttpStatus: 500, IsTransient: true),
        new(2, 2018344, "Service temporarily unavailable. Privacy ToS not accepted."),
        new(3, null, "(#3) Application does not have the capability to make this API call."),
        new(4, null, "(#4) Application request limit reached", HttpStatus: 403, IsTransient: true),
        new(4, 2018022, "(#4) Too many send requests to phone numbers"),
        new(10, null, "(#10) Application does not have permission for this action"),
        new(10, 1404170, "(#10) Application does not have permission for this action"),
        new(10, 1893063, "(#10) This Page is temporarily restricted from sending messages."),
        new(
            10,
            2018065,
            "(#10) This message is sent outside of allowed window. You need page_messaging_subscriptions permission to be able to do it."),
        new(10, 2018108, "(#10) This Person Cannot Receive Messages: This person isn't receiving messages from you right now."),
        new(
            10,
            2018278,
            "(#10) This message is sent outside of allowed window. Learn more about the new policy here: "
                + "https://developers.facebook.com/docs/messenger-platform/policy-overview"),
        new(10, 2018300, "(#10) Message failed to send because another app is controlling this thread now."),
        new(10, 2534022, "This message is sent outside of allowed window.", Instagram, 403),
        new(10, 2534122, "(#10) Sending is restricted for this account."),
        new(17, null, "(#17) User request limit reached", HttpStatus: 403),
        new(32, null, "(#32) Page request limit reached", HttpStatus: 403),
        new(100, null, "Invalid parameter"),
        new(
            100,
            33,
            "Unsupported get request. Object with ID '0' does not exist, cannot be loaded due to missing permissions, or does not "
                + "support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api",
            Graph),
        new(100, 36007, "This authorization code has expired."),
        new(
            100,
            36008,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth "
                + "dialog request"),
        new(100, 36009, "This authorization code has been used."),
        new(100, 1893061, "Invalid parameter"),
        new(100, 2018001, "(#100) No matching user found"),
        new(100, 2018008, "(#100) Failed to fetch the file from the url"),
        new(100, 2018047, "(#100) Upload attachment failure."),
        new(100, 2018074, "(#100) Invalid attachment id, or you do not own the attachment."),
        new(100, 2018109, "(#100) Attachment size exceeds allowable limit"),
        new(100, 2018145, "(#100) You must set a Get Started button if you also wish to use persistent menu."),
        new(100, 2018218, "(#100) No profile available for this user."),
        new(100, 2018294, "(#100) Video upload timed out or video is corrupted"),
        new(100, 2534013, "(#100) The Instagram account is not linked to this Page."),
        new(100, 2534014, "(#100) No matching Instagram user", Instagram),
        new(100, 2534025, "(#100) A private reply was already sent for this comment."),
        new(100, 2534029, "(#100) This account is blocked from sending messages via the Instagram Messaging API."),
        new(100, 2534037, "(#100) The action is invalid since it's not the thread owner."),
        new(101, null, "Error validating application. Cannot get application info due to a system error."),
        new(102, null, "Session key invalid or no longer valid"),
        new(190, null, "Invalid OAuth access token - Cannot parse access token", HttpStatus: 401),
        new(190, 458, "Error validating access token: The user has not authorized application {app}."),
        new(
            190,
            459,
            "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions "
                + "given."),
        new(
            190,
            460,
            "Error validating access token: The session has been invalidated because the user changed their password or Facebook has "
                + "changed the session for security reasons."),
        new(190, 463, "Error validating access token: Session has expired."),
        new(190, 464, "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user."),
        new(190, 467, "Error validating access token: This may be because the user logged out or may be due to a system error."),
        new(190, 490, "Error validating access token: The user is enrolled in a blocking, logged-in checkpoint"),
        new(
            190,
            492,
            "Error validating access token: The user must be an administrator, editor, or moderator of the page in order to "
                + "impersonate it. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor "
                + "Authentication."),
        new(
            191,
            null,
            "Can't load URL: The domain of this URL isn't included in the app's domains. To be able to load this URL, add all domains "
                + "and subdomains of your app to the App Domains field in your app settings."),
        new(200, null, "(#200) Permissions error", HttpStatus: 403),
        new(200, 1545041, "(#551) This person isn't available right now."),
        new(
            200,
            2018021,
            "(#200) Requires phone matching access fee to be paid by this page unless the recipient user is an admin, developer, or "
                + "tester of the app."),
        new(
            200,
            2018027,
            "(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging_phone_number "
                + "permission is reviewed and the app is live."),
        new(
            200,
            2018028,
            "(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is "
                + "reviewed and the app is live."),
        new(200, 2534041, "The account owner has disabled access to Instagram Direct Messaging.", Instagram),
        new(230, null, "User consent is required to access user profile", Instagram),
        new(341, null, "Application limit reached"),
        new(368, null, "The action attempted has been deemed abusive or is otherwise disallowed"),
        new(506, null, "(#506) Duplicate status message"),
        new(508, 2534122, "(#508) The link can't be shared.", IsTransient: true),
        new(546, null, "(#546) The type of file is not allowed."),
        new(551, null, "(#551) This person isn't receiving messages from you right now."),
        new(551, 1545041, "(#551) This person isn't available right now."),
        new(613, null, "(#613) Calls to this api have exceeded the rate limit."),
        new(613, 1996, "(#613) Calls to this api have exceeded the rate limit."),
        new(613, 2534040, "(#613) Calls to this api have exceeded the rate limit.", Instagram),
        new(1200, null, "Temporary send message failure. Please try again later.", HttpStatus: 500),
        new(9010, null, "No matching Instagram user", Instagram),
        new(10303, null, "Invalid account_linking_token"),
        new(10900, null, "(#10900) The message is unavailable."),
        new(36000, null, "The image size is too large."),
        new(9000001, null, "This message has been deleted.", Instagram),
        new(
            80001,
            null,
            "(#80001) There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to "
                + "https://developers.facebook.com/docs/graph-api/overview/rate-limiting."),
        new(80002, null, "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again."),
        new(
            80006,
            null,
            "(#80006) There have been too many messages sent from this Page. Wait a bit and try again. For more info, please refer to "
                + "https://developers.facebook.com/docs/graph-api/overview/rate-limiting."),
        new(1545041, null, "Message Not Sent: This person isn't available right now."),
        new(1609005, null, "Error Posting Link"),
    }.ToDictionary(error => (error.Code, error.Subcode));

    /// <summary>Creates the error with Meta's message text where it is known.</summary>
    public static GraphError ByCode(int code, int? subcode = null)
    {
        if (Catalogue.TryGetValue((code, subcode), out var known)) return known;

        return Catalogue.TryGetValue((code, null), out var family)
            ? family with { Subcode = subcode }
            : new GraphError(code, subcode, $"(#{code}) An error occurred.", HttpStatus: code is 2 ? 500 : 400);
    }

    public static GraphException Refuse(int code, int? subcode = null) => new(ByCode(code, subcode));

    public static GraphException TooMuchData() => new(new GraphError(
        1, null, "Please reduce the amount of data you're asking for, then retry your request", HttpStatus: 500));

    public static GraphException InvalidParameter(string message) =>
        new(new GraphError(100, null, message.StartsWith("(#", StringComparison.Ordinal) ? message : $"(#100) {message}"));

    public static GraphException MissingParameter(string name) => InvalidParameter($"The parameter {name} is required");

    public static GraphException TooLong(string name, int limit) =>
        InvalidParameter($"Length of param {name} must be less than or equal to {limit}");

    public static GraphException Unsupported(string method, string id) => new(new GraphError(
        100, 33,
        $"Unsupported {method.ToLowerInvariant()} request. Object with ID '{id}' does not exist, cannot be loaded due to missing "
            + "permissions, or does not support this operation. Please read the Graph API documentation at "
            + "https://developers.facebook.com/docs/graph-api",
        Graph));

    public static GraphException UnknownPath(string rest) => new(new GraphError(2500, null, $"Unknown path components: /{rest}"));

    public static GraphException NoSuchField(string field, string type) =>
        InvalidParameter($"Tried accessing nonexisting field ({field}) on node type ({type})");

    public static GraphException NeedsPermission(string permission, int code = 200) =>
        new(
            new GraphError(
                code, null, $"(#{code}) Requires {permission} permission to manage the object", HttpStatus: code is 200 ? 403 : 400));

    public static GraphException NeedsPageToken() =>
        new(new GraphError(190, null, "(#190) This method must be called with a Page Access Token"));

    public static GraphException NoToken() => new(new GraphError(
        2500, null, "An active access token must be used to query information about the current user."));

    public static GraphException ProofMissing() =>
        new(new GraphError(100, null, "API calls from the server require an appsecret_proof argument", Graph));

    public static GraphException ProofWrong() =>
        new(new GraphError(100, null, "Invalid appsecret_proof provided in the API argument", Graph));

    public static GraphException BatchTooLarge(int maxCount) => new(
        new GraphError(-1, null, $"Too many requests in batch message. Maximum batch size is {maxCount}", "GraphBatchException"));

    public static GraphException OutsideWindow(Channel channel) => channel is Channel.Messenger ? Refuse(10, 2018278) : Refuse(10, 2534022);

    public static GraphError InvalidToken(int? subcode, string appId)
    {
        var error = ByCode(190, subcode);
        return error with { Message = error.Message.Replace("{app}", appId, StringComparison.Ordinal) };
    }

    public static GraphError TokenExpired(DateTimeOffset expired, DateTimeOffset now) => new(
        190,
        463,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Error validating access token: Session has expired on {expired:dddd, dd-MMM-yy HH:mm:ss} PDT. "
                + $"The current time is {now:dddd, dd-MMM-yy HH:mm:ss} PDT."));

    public static GraphError ClientSecretWrong { get; } = new(1, null, "Error validating client secret.");
}
