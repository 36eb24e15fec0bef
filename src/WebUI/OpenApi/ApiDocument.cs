using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>
/// The document at /openapi/v1.json: what the framework knows of each route, with examples and with every problem that the route may
/// answer with.
/// </summary>
internal static class ApiDocument
{
    private const string PlainJson = "application/json";
    private const string Bearer = "bearer";

    private const string Introduction =
        """
        Reads and sends Messenger and Instagram direct messages of the connected Pages.

        Authenticate with the header `Authorization: Bearer`, followed by an API key (`mm_…`, from Settings → API keys) or by the access
        token that `POST /api/auth/login` returns.

        Lists accept `limit` (default 50, maximum 200) and `cursor`, which is the `nextCursor` of the previous page. Times are in UTC, ids
        are numbers, and ids that Meta issues are strings.

        Each API key has a rate limit: `ApiKeys:CallsPerSecond` (default 100) requests a second on average, and ten times as many in a
        burst. Further requests are answered with 429 and `Retry-After`. Access tokens have no rate limit; only failed sign-ins do.

        Errors are problem details (RFC 9457) with a stable `code`:


        """;

    /// <summary>Parameters that mean the same on every route.</summary>
    private static readonly IReadOnlyDictionary<string, JsonNode> CommonParameters = new Dictionary<string, JsonNode>
    {
        ["id"] = 12, ["limit"] = 50, ["cursor"] = RouteExamples.Cursor, ["channel"] = "facebookMessenger", ["q"] = "Peter",
    };

    private static readonly Dictionary<string, string> TagDescriptions = new()
    {
        ["Account"] = "The signed-in user's own profile, password, second factor and sessions.",
        ["API keys"] = "Keys that programs authenticate with.",
        ["Audit"] = "Who changed what, and when.",
        ["Canned replies"] = "Prepared texts, which agents insert into a reply and may edit before they send it.",
        ["Compliance"] = "Called by Meta when a person removes the app or asks for the deletion of data; clients do not need it.",
        ["Contacts"] = "The people who sent messages, with their names and pictures.",
        ["Conversations"] = "The inbox: conversations, their messages and files.",
        ["Dashboard"] = "Statistics of messages.",
        ["Integrations"] = "Connects Facebook Pages and their Instagram accounts.",
        ["Members"] = "The people of an organization, their roles and invitations.",
        ["Operations"] = "Webhook deliveries and the state of sending, for operators.",
        ["Organizations"] = "The tenants of this installation.",
        ["Retention"] = "How long an organization keeps its data.",
        ["Sending"] = "Sends messages, reactions and files to customers.",
        ["Settings"] = "The settings of the caller's organization.",
        ["Sign-in"] = "Access tokens for users, and the identity of the caller.",
        ["System Config"] = "The settings of the installation's Meta app.",
        ["Webhook"] = "Called by Meta; clients do not need it.",
    };

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            Complete(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // The serializer also reads numbers from text; clients are not told to rely on it.
            if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
                (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);

            // A nullable use of an enum puts null among its names; it is said beside the reference as well.
            if (schema is { Type: null, Enum.Count: > 0 })
                (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. schema.Enum.Where(name => !IsNull(name))]);

            // Times have a converter of ours, so the framework does not know that they are text, and generators make "anything" of them.
            var nullable = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type);
            if ((nullable ?? context.JsonTypeInfo.Type) == typeof(DateTimeOffset))
            {
                var canBeNull = nullable is not null && context.ParameterDescription is null;
                (schema.Type, schema.Format) = (JsonSchemaType.String | (canBeNull ? JsonSchemaType.Null : 0), "date-time");
            }

            // Elements of any type get no schema, and an array needs one.
            if (schema.Type is { } array && array.HasFlag(JsonSchemaType.Array)) schema.Items ??= new OpenApiSchema();

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Complete(document);
            return Task.CompletedTask;
        });
    });

    private static void Complete(OpenApiDocument document)
    {
        document.Info.Title = "MetaMessaging";
        document.Info.Description = Introduction + ProblemCatalogue.AsTable();
        document.AddComponent(ProblemResponses.SchemaName, ProblemResponses.NewSchema());
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "An API key, or an access token.",
        });
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>()) tag.Description = TagDescriptions[tag.Name!];
        document.Servers = [new OpenApiServer { Url = "/", Description = "The host that serves this document." }];
        var schemas = document.Components!.Schemas!;
        foreach (var name in schemas.Keys.Where(name => name.StartsWith("QueryEnumOf", StringComparison.Ordinal)).ToList())
            schemas.Remove(name);   // the parameters list the names themselves
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    private static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var route = context.Description;
        var metadata = route.ActionDescriptor.EndpointMetadata;
        CompleteParameters(operation, route, [.. metadata.OfType<ParameterExample>()]);
        if (metadata.OfType<RouteExamples>().FirstOrDefault() is { } examples) AddExamples(operation, route, examples);

        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        if (isOpen) operation.Security = [];

        operation.Responses ??= [];
        var problems = ProblemResponses.ProblemsOf(operation, metadata, isOpen, route.HttpMethod is "GET");
        foreach (var ofStatus in problems.GroupBy(p => p.Status).OrderBy(p => p.Key))
            operation.Responses[$"{ofStatus.Key}"] = ProblemResponses.Of(ofStatus.Key, [.. ofStatus], context.Document!);

        foreach (var read in metadata.OfType<ReadByHandler>()) read.AddTo(operation);
    }

    private static bool IsNull(JsonNode? node) => node is null || node.IsJsonNullSentinel();

    private static void CompleteParameters(OpenApiOperation operation, ApiDescription route, IReadOnlyList<ParameterExample> examples)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            var example = examples.FirstOrDefault(e => e.Name == parameter.Name)?.Value
                ?? CommonParameters.GetValueOrDefault(parameter.Name!);
            parameter.Example ??= example?.DeepClone();   // a node belongs to one parent only
            if (NamesOf(route.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name)?.Type) is { } names)
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = names };
        }
    }

    private static void AddExamples(OpenApiOperation operation, ApiDescription route, RouteExamples examples)
    {
        var body = route.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type;
        if (body is not null && operation.RequestBody?.Content?.TryGetValue(PlainJson, out var sent) is true)
            sent.Example = examples.OfBody(body);

        foreach (var answer in route.SupportedResponseTypes)
        {
            var response = operation.Responses?.GetValueOrDefault($"{answer.StatusCode}");
            if (answer.Type is { } type && response?.Content?.TryGetValue(PlainJson, out var received) is true)
                received.Example = examples.OfAnswer(type);
        }
    }

    /// <returns>The names of a <see cref="QueryEnum{T}"/>; null for any other type.</returns>
    private static List<JsonNode>? NamesOf(Type? type)
    {
        var known = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return known is { IsGenericType: true } && known.GetGenericTypeDefinition() == typeof(QueryEnum<>)
            ? [.. Enum.GetNames(known.GenericTypeArguments[0]).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))]
            : null;
    }
}
