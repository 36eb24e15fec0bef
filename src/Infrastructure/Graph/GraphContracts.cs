using System.Text.Json.Serialization;
using Refit;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed record AccessTokenAnswer(string? AccessToken);

internal sealed record SuccessAnswer(bool? Success);

internal sealed record Listing<T>(IReadOnlyList<T>? Data, Paging? Paging)
{
    [JsonIgnore]
    public IReadOnlyList<T> Items => Data ?? [];
}

internal sealed record Paging(Cursors? Cursors, string? Next);

internal sealed record Cursors(string? After);

internal sealed record PersonNode(string? Id);

internal sealed record PermissionNode(string? Permission, string? Status);

/// <param name="Tasks">What the person may do with the Page; only in the list of their own Pages.</param>
internal sealed record PageNode(
    string? Id, string? Name, string? AccessToken, InstagramNode? InstagramBusinessAccount, IReadOnlyList<string>? Tasks = null);

internal sealed record BusinessNode(string? Id);

internal sealed record InstagramNode(string? Id, string? Username);

internal sealed record TokenAnswer(TokenNode? Data);

/// <param name="ExpiresAt">Unix seconds; 0 means never.</param>
internal sealed record TokenNode(
    bool? IsValid, long? ExpiresAt, long? DataAccessExpiresAt, IReadOnlyList<GranularScope>? GranularScopes, GraphError? Error);

internal sealed record GranularScope(string? Scope, IReadOnlyList<string>? TargetIds);

internal sealed record AppNode(string? Id, IReadOnlyList<string>? SubscribedFields);

internal sealed record SubscriptionNode(string? Object, string? CallbackUrl, bool? Active, IReadOnlyList<FieldNode>? Fields);

[JsonConverter(typeof(FieldNodeConverter))]
internal sealed record FieldNode(string? Name);

internal sealed record SendAnswer(string? RecipientId, string? MessageId);

internal sealed record ThreadNode(string? Id, string? UpdatedTime, Listing<MessageNode>? Messages);

internal sealed record MessageNode(
    string? Id, string? CreatedTime, PersonNode? From, string? Message, Listing<PersonNode>? To = null,
    Listing<AttachmentNode>? Attachments = null, Listing<ShareNode>? Shares = null, StoryNode? Story = null, bool? IsUnsupported = null);

internal sealed record ShareNode(string? Link, string? Name);

internal sealed record StoryNode(StoryLinkNode? ReplyTo, StoryLinkNode? Mention);

internal sealed record StoryLinkNode(string? Link, string? Id);

internal sealed record AttachmentNode(string? MimeType, string? FileUrl, ImageNode? ImageData, VideoNode? VideoData);

internal sealed record ImageNode(string? Url, bool? RenderAsSticker);

internal sealed record VideoNode(string? Url);

internal sealed record ProfileNode(
    string? Id, string? FirstName, string? LastName, string? Name, string? Username, string? ProfilePic, bool? IsVerifiedUser = null,
    int? FollowerCount = null, bool? IsUserFollowBusiness = null, bool? IsBusinessFollowUser = null);

/// <summary>A refusal's error object (platform reference, Errors → Envelope); debug_token has Subcode in place of ErrorSubcode.</summary>
internal sealed record GraphError(
    string? Message, string? Code, string? ErrorSubcode, string? Subcode, string? ErrorUserMsg, bool? IsTransient, string? FbtraceId,
    string? Type = null, string? ErrorUserTitle = null)
{
    [JsonIgnore]
    public int? CodeNumber => Number(Code);

    [JsonIgnore]
    public int? SubcodeNumber => Number(ErrorSubcode) ?? Number(Subcode);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed record SendRequest(RecipientNode Recipient, string? MessagingType = null, OutgoingNode? Message = null)
{
    public string? Tag { get; init; }

    public ReplyToNode? ReplyTo { get; init; }

    public string? SenderAction { get; init; }

    /// <summary>Set for reactions only.</summary>
    public ReactionNode? Payload { get; init; }
}

internal sealed record RecipientNode(string Id);

internal sealed record OutgoingNode(
    string? Text, string? Metadata, IEnumerable<QuickReplyNode>? QuickReplies, OutgoingAttachmentNode? Attachment = null);

/// <param name="Payload">The id of an uploaded file, or a template's JSON.</param>
internal sealed record OutgoingAttachmentNode(string Type, JsonElement Payload);

internal sealed record UploadRequest(AttachmentRequest Attachment);

internal sealed record AttachmentRequest(string Type, AttachmentPayload Payload);

internal sealed record AttachmentPayload(string? AttachmentId = null, bool? IsReusable = null);

internal sealed record UploadAnswer(string? AttachmentId);

internal sealed record QuickReplyNode(string ContentType, string Title, string Payload);

internal sealed record ReplyToNode(string Mid);

/// <param name="Reaction">Null when the reaction is removed.</param>
internal sealed record ReactionNode(string MessageId, string? Reaction);

internal sealed record CodeExchange(
    [property: AliasAs("client_id")] string AppId, [property: AliasAs("client_secret")] string AppSecret,
    [property: AliasAs("redirect_uri")] string RedirectUri, [property: AliasAs("code")] string Code);

internal sealed record TokenExtension(
    [property: AliasAs("client_id")] string AppId, [property: AliasAs("client_secret")] string AppSecret,
    [property: AliasAs("fb_exchange_token")] string Token, [property: AliasAs("grant_type")] string GrantType = "fb_exchange_token");

/// <param name="Method">A POST with this parameter is a GET to Meta (platform reference, OAuth → Secrets in addresses).</param>
internal sealed record TokenQuestion(
    [property: AliasAs("input_token")] string InspectedToken, [property: AliasAs("method")] string Method = "get");

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(TolerantStringConverter), typeof(TolerantBooleanConverter)])]
[JsonSerializable(typeof(AccessTokenAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(PersonNode))]
[JsonSerializable(typeof(Listing<PermissionNode>))]
[JsonSerializable(typeof(Listing<PageNode>))]
[JsonSerializable(typeof(Listing<BusinessNode>))]
[JsonSerializable(typeof(PageNode))]
[JsonSerializable(typeof(InstagramNode))]
[JsonSerializable(typeof(SuccessAnswer))]
[JsonSerializable(typeof(Listing<AppNode>))]
[JsonSerializable(typeof(Listing<SubscriptionNode>))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(Listing<ThreadNode>))]
[JsonSerializable(typeof(ThreadNode))]
[JsonSerializable(typeof(MessageNode))]
[JsonSerializable(typeof(ProfileNode))]
[JsonSerializable(typeof(GraphError))]
internal sealed partial class GraphJson : JsonSerializerContext;

/// <summary>Meta writes ids and codes as strings in some answers and as numbers in others, some of them above 2^53.</summary>
internal sealed class TolerantStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String) return Text(ref reader);
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False) return Raw(ref reader);
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Raw(ref reader);   // half a surrogate pair in a message text must not make the whole answer unreadable
        }
    }

    private static string Raw(ref Utf8JsonReader reader) =>
        reader.HasValueSequence ? Encoding.UTF8.GetString(reader.ValueSequence) : Encoding.UTF8.GetString(reader.ValueSpan);
}

/// <summary>Meta documents "true" where real answers have true (platform reference, OAuth → subscribed_apps).</summary>
internal sealed class TolerantBooleanConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = JsonElement.ParseValue(ref reader).ToString();
        return reader.TokenType is JsonTokenType.Number ? text != "0" : text.Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}

/// <summary>A subscribed field is {"name": …, "version": …}, and in older answers only the name.</summary>
internal sealed class FieldNodeConverter : JsonConverter<FieldNode>
{
    public override FieldNode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var field = JsonElement.ParseValue(ref reader);
        return new FieldNode(field.AsText() ?? field.Text("name"));
    }

    public override void Write(Utf8JsonWriter writer, FieldNode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
