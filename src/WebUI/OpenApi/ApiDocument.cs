using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.WebUI.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>The document at /openapi/v1.json: what the routes say of themselves, with examples, and with every problem that they may answer with.</summary>
internal static class ApiDocument
{
    private const string PlainJson = "application/json";
    private const string ProblemJson = "application/problem+json";
    private const string ProblemSchema = "Problem";
    private const string Bearer = "bearer";

    private const string About =
        """
        Messenger and Instagram direct messages of the connected Pages.

        Sign in with `Authorization: Bearer`, followed by an API key (`mm_…`, from Settings → API keys) or by the access token of `POST /api/auth/login`.
        Lists take `limit` (50, at most 200) and `cursor`, the `nextCursor` of the answer before. Times are UTC, ids are numbers, and Meta's own ids are strings.

        A key may make a number of calls a second in the long run (`ApiKeys:CallsPerSecond`, 100), and ten times as many at once; then it gets 429 with
        `Retry-After`. People are not limited.

        Errors are problems (RFC 9457) with a stable `code`:


        """;

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            Complete(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, _, _) =>
        {
            // The serializer also reads numbers from text; that is kindness, not the contract.
            if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
                (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
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
        document.Info.Description = About + ProblemCatalogue.AsTable();
        document.AddComponent(ProblemSchema, SchemaOfProblem());
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer, Description = "An API key, or an access token." });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    private static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var route = context.Description;
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Example ??= ApiExamples.OfParameter(parameter.Name);
            if (WordsOf(route.ParameterDescriptions.FirstOrDefault(p => p.Name == parameter.Name)?.Type) is { } words)
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = words };
        }

        var body = route.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type;
        if (body is not null && operation.RequestBody?.Content?.TryGetValue(PlainJson, out var sent) is true) sent.Example = ApiExamples.OfBody(body);
        foreach (var answer in route.SupportedResponseTypes)
        {
            if (answer.Type is { } type && operation.Responses?.GetValueOrDefault($"{answer.StatusCode}")?.Content?.TryGetValue(PlainJson, out var received) is true)
                received.Example = ApiExamples.Of(type);
        }

        var metadata = route.ActionDescriptor.EndpointMetadata;
        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        if (isOpen) operation.Security = [];

        operation.Responses ??= [];
        var problems = CodesOf(operation, metadata, isOpen, route.HttpMethod is "GET").Distinct().Select(code => ProblemCatalogue.All[code]);
        foreach (var ofStatus in problems.GroupBy(p => p.Status).OrderBy(p => p.Key)) operation.Responses[$"{ofStatus.Key}"] = AnswerOf(ofStatus.Key, [.. ofStatus], context.Document!);
    }

    /// <returns>The names of a <see cref="QueryEnum{T}"/>; null for any other type.</returns>
    private static List<JsonNode>? WordsOf(Type? type)
    {
        var known = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return known is { IsGenericType: true } && known.GetGenericTypeDefinition() == typeof(QueryEnum<>)
            ? [.. Enum.GetNames(known.GenericTypeArguments[0]).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))]
            : null;
    }

    /// <summary>What follows from the route's own shape, and what it says of itself.</summary>
    private static IEnumerable<string> CodesOf(OpenApiOperation operation, IEnumerable<object> metadata, bool isOpen, bool isSafe)
    {
        if (operation.RequestBody is not null || operation.Parameters?.Any(p => p.In is ParameterLocation.Query or ParameterLocation.Header) is true)
        {
            yield return "malformed_request";
            yield return "validation_failed";
        }

        if (operation.RequestBody is not null)
        {
            yield return "too_large";
            yield return "unsupported_media_type";
        }

        if (!isOpen)
        {
            if (!isSafe) yield return "antiforgery_token_missing";
            yield return "unauthenticated";
            yield return "forbidden";
            yield return "too_many_requests";
        }

        foreach (var code in metadata.OfType<RouteProblems>().SelectMany(p => p.Codes)) yield return code;
        yield return "internal_error";
    }

    private static OpenApiResponse AnswerOf(int status, IReadOnlyList<Problem> problems, OpenApiDocument document) => new()
    {
        Description = string.Join(" ", problems.Select(p => $"`{p.Code}`: {p.When}")),
        Headers = status is not (429 or 503) ? null : new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Description = "Seconds until the call may succeed.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
        },
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [ProblemJson] = new()
            {
                Schema = new OpenApiSchemaReference(ProblemSchema, document),
                Examples = problems.ToDictionary(p => p.Code, p => (IOpenApiExample)new OpenApiExample { Summary = p.When, Value = ExampleOf(p) }),
            },
        },
    };

    private static JsonObject ExampleOf(Problem problem)
    {
        var example = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(problem.Status),
            ["status"] = problem.Status,
            ["detail"] = problem.When,
            ["traceId"] = "00-5c7be4b5a1a7e0ad6d1ea4ee2f5a9d52-7b9c1c7d7f3e1a2b-00",
            ["code"] = problem.Code,
        };
        if (problem.Code is "validation_failed") example["errors"] = new JsonObject { ["text"] = new JsonArray("Say what is to be sent.") };
        return example;
    }

    private static OpenApiSchema SchemaOfProblem() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "traceId", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Says no more than the status."),
            ["title"] = Text("What happened, in short."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = Text("What happened, for people."),
            ["traceId"] = Text("Finds it in the log."),
            ["code"] = Text("Stable: what programs decide by."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Of `validation_failed` only: what is wrong, by field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
