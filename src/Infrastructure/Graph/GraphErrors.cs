using System.Collections.Frozen;
using static MetaMessaging.Domain.Common.RefusalActor;
using static MetaMessaging.Domain.Common.RefusalClass;
using static MetaMessaging.Infrastructure.Graph.GraphErrorTable;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>The kind of call that was refused. It matters because only a send may have reached a customer in spite of the error.</summary>
internal enum GraphCall { Read, Upload, Send }

/// <summary>Translates Meta's errors: by subcode, then code, then HTTP status. Meta's message, which it localises, decides only where codes
/// do not.</summary>
internal static partial class GraphErrors
{
    public const int InvalidParameter = 100;

    private const int MaxDetailLength = 1000;
    private const int MaxQuoteLength = 200;
    private const int MaxTraceLength = 64;

    /// <summary>Subcodes from here on mean the same with every code: 1545041 comes with 10, 200 and 551.</summary>
    private const int MinUniqueSubcode = 100_000;

    private static readonly FrozenDictionary<(int Code, int? Subcode), GraphErrorRow> ByCode =
        Rows.Where(r => r is { MessagePart: null, OfSend: false }).ToFrozenDictionary(r => (r.Code, r.Subcode));

    private static readonly FrozenDictionary<(int Code, int? Subcode), GraphErrorRow> OfSends =
        Rows.Where(r => r.OfSend).ToFrozenDictionary(r => (r.Code, r.Subcode));

    private static readonly FrozenDictionary<int, GraphErrorRow> BySubcode =
        Rows.Where(r => r.Subcode >= MinUniqueSubcode && !r.OfSend).DistinctBy(r => r.Subcode).ToFrozenDictionary(r => r.Subcode!.Value);

    private static readonly GraphErrorRow[] ByMessage = [.. Rows.Where(r => r.MessagePart is not null)];

    /// <summary>For an answer with an error object.</summary>
    public static Refusal Of(GraphError error, HttpStatusCode status, GraphCall call, TimeSpan? retryAfter = null)
    {
        var row = Find(error, call) ?? Unlisted(error, status, call);
        var trace = Cut(error.FbtraceId, MaxTraceLength);
        var refusal = new Refusal(
            row.Class, error.CodeNumber, error.SubcodeNumber, trace, row.Title, DetailOf(error), row.Actor, row.Retryable);
        return ForCall(refusal, call) with { RetryAfter = row.Class is Rate ? retryAfter : null };
    }

    /// <summary>For an answer without an error object, such as a proxy's error page or an empty body.</summary>
    public static Refusal OfStatus(HttpStatusCode status, GraphCall call, TimeSpan? retryAfter = null)
    {
        var detail = $"HTTP {(int)status} without a readable answer.";
        return status switch
        {
            HttpStatusCode.TooManyRequests => new Refusal(
                Rate, null, null, null, Limited, detail, Wait, Retryable: true, retryAfter, ConcernsOneCall: true),
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout => new(
                Parameter, null, null, null, $"Meta refused {What(call)} without a reason (HTTP {(int)status})", detail, Admin, false),
            _ => NoAnswer(detail, call),
        };
    }

    /// <summary>For a request that may have reached Meta, without an answer that gives the outcome.</summary>
    public static Refusal NoAnswer(string detail, GraphCall call) =>
        ForCall(Refusal.OfGateway(OutcomeUnknown, Checking, Wait, retryable: true, Redact(detail)), call);

    /// <summary>For a request that was never sent, because there was no connection.</summary>
    public static Refusal NotReached(string detail) =>
        new(Transient, null, null, null, "Meta can't be reached right now; retrying.", Redact(detail), Wait, Retryable: true);

    /// <summary>For a call that we hold back near Meta's hourly limit, so that messages can still be sent.</summary>
    public static Refusal NearLimit(TimeSpan wait) =>
        new(Rate, null, null, null, Limited, "The usage Meta reports is near its limit.", Wait, Retryable: true, wait);

    /// <summary>Transient, so that messages are retried once System Config is complete, and connections keep their state.</summary>
    public static Refusal NotConfigured() =>
        new(Transient, null, null, null, "The Meta app is not set up. A system administrator completes System Config.", null, Admin, true);

    /// <summary>For a refusal of the app token, which must not be taken for a refusal of the inspected token.</summary>
    public static Refusal OfAppToken(Refusal refusal) => refusal.Class is Token or Permission
        ? refusal with
        {
            Class = Parameter,
            Title = "Meta does not accept the App ID or the App secret. A system administrator corrects them in System Config.",
            Actor = Admin,
            Retryable = false,
        }
        : refusal;

    private static GraphErrorRow? Find(GraphError error, GraphCall call)
    {
        if (error.CodeNumber is not { } code) return null;

        var row = error.SubcodeNumber is { } subcode
            ? Known(code, subcode, call) ?? BySubcode.GetValueOrDefault(subcode)
            : null;
        var text = $"{error.Type}: {error.Message}";
        row ??= Array.Find(ByMessage, r => r.Code == code && text.Contains(r.MessagePart!, StringComparison.OrdinalIgnoreCase));
        row ??= Known(code, null, call);
        if (row is null && code is > 200 and < 300) row = ByCode[(200, null)];

        // is_transient outweighs the codes that only mean "something failed".
        var isGeneral = row is null or { Code: 1 or 100, Subcode: null, MessagePart: null };
        return error.IsTransient is true && isGeneral ? ByCode[(2, null)] : row;
    }

    private static GraphErrorRow? Known(int code, int? subcode, GraphCall call) =>
        (call is GraphCall.Read ? null : OfSends.GetValueOrDefault((code, subcode))) ?? ByCode.GetValueOrDefault((code, subcode));

    private static GraphErrorRow Unlisted(GraphError error, HttpStatusCode status, GraphCall call)
    {
        if (status is HttpStatusCode.TooManyRequests) return new(0, null, Rate, Wait, true, Limited);
        if (status >= HttpStatusCode.InternalServerError) return new(0, null, OutcomeUnknown, Wait, true, Checking);
        if (error is { CodeNumber: null, Type: "OAuthException" }) return new(0, null, Token, Admin, true, Reconnect);

        var number = (error.CodeNumber, error.SubcodeNumber) switch
        {
            (null, _) => "",
            ({ } code, null) => $" ({code})",
            ({ } code, { } subcode) => $" ({code}/{subcode})",
        };
        var message = CodePrefix().Replace(Redact(error.Message) ?? "", "").Trim();
        var saysNothing = message.Length == 0 || message.Contains("unknown error", StringComparison.OrdinalIgnoreCase);
        var why = saysNothing ? " without a reason" : $": {Cut(message, MaxQuoteLength)}";
        return new(0, null, Parameter, Admin, false, $"Meta refused {What(call)}{why}{number}");
    }

    /// <summary>Reads and uploads can be repeated, so for them an unknown outcome is a transient error.</summary>
    private static Refusal ForCall(Refusal refusal, GraphCall call) => refusal.Class is OutcomeUnknown && call is not GraphCall.Send
        ? refusal with { Class = Transient, Title = Temporary }
        : refusal;

    private static string What(GraphCall call) => call is GraphCall.Send ? "the message" : "the request";

    private static string? DetailOf(GraphError error)
    {
        string?[] texts = [error.Message, error.ErrorUserTitle, error.ErrorUserMsg];
        return Cut(Redact(string.Join(' ', texts.Where(t => t is { Length: > 0 }).Distinct()).Trim()), MaxDetailLength);
    }

    private static string? Cut(string? text, int length) =>
        text is null || text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    /// <summary>Meta quotes a malformed token in its message, and we store, show and log the message.</summary>
    private static string? Redact(string? text) => text is null ? null : Secrets().Replace(text, "[secret]");

    [GeneratedRegex(@"EAA[A-Za-z0-9]{8,}|\b\d{5,}\|[^\s""',]{8,}|\b[0-9a-fA-F]{32,}\b|(?<=Malformed access token\s)\S+")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"^\(#\d+\)\s*")]
    private static partial Regex CodePrefix();
}
