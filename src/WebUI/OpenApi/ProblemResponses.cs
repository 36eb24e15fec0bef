using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>The problems that a route may answer with, as responses of the document.</summary>
internal static class ProblemResponses
{
    public const string SchemaName = "Problem";

    /// <summary>The problems that follow from the shape of the route, and those that the route names itself.</summary>
    public static IEnumerable<Problem> ProblemsOf(
        OpenApiOperation operation, IEnumerable<object> metadata, bool isOpen, bool isSafe) =>
        CodesOf(operation, isOpen, isSafe).Select(code => ProblemCatalogue.Of(code))
            .Concat(metadata.OfType<RouteProblems>().SelectMany(p => p.Problems))
            .Distinct();

    private static IEnumerable<string> CodesOf(OpenApiOperation operation, bool isOpen, bool isSafe)
    {
        if (!isOpen || operation.RequestBody is not null) yield return "validation_failed";   // of an unknown query parameter
        if (operation.Parameters?.Any(p => p.In is ParameterLocation.Query or ParameterLocation.Header) is true)
            yield return "malformed_request";

        if (operation.RequestBody is not null)
        {
            yield return "malformed_request";
            yield return "too_large";
            yield return "unsupported_media_type";
        }

        if (!isOpen)
        {
            if (!isSafe) yield return "antiforgery_token_missing";
            yield return "unauthenticated";
            yield return "forbidden";
            yield return "two_factor_setup_required";
            yield return "too_many_requests";
        }

        yield return UnavailableException.StorageCode;
        yield return "internal_error";
    }

    public static OpenApiResponse Of(int status, IReadOnlyList<Problem> problems, OpenApiDocument document) => new()
    {
        Description = string.Join(" ", problems.Select(p => $"`{p.Code}`: {p.When}")),
        Headers = status is 429 or 503
            ? new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds to wait before the request is repeated.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            }
            : null,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchemaReference(SchemaName, document),
                Examples = problems.ToDictionary(
                    p => p.Code, p => (IOpenApiExample)new OpenApiExample { Summary = p.When, Value = ExampleOf(p) }),
            },
        },
    };

    public static OpenApiSchema NewSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "traceId", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("A link to the definition of the status."), ["title"] = Text("A short summary of the problem."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer }, ["detail"] = Text("An explanation for people."),
            ["traceId"] = Text("Identifies the request in the log."), ["code"] = Text("A stable code for programs to act on."),
            ["twoFactorToken"] = Text("With `two_factor_required`: proves for five minutes that the password was right."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What is wrong with each field; with `validation_failed`, and with a parameter that cannot be read.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static JsonObject ExampleOf(Problem problem)
    {
        var example = new JsonObject
        {
            ["type"] = "about:blank", ["title"] = ReasonPhrases.GetReasonPhrase(problem.Status), ["status"] = problem.Status,
            ["detail"] = problem.When, ["traceId"] = "00-5c7be4b5a1a7e0ad6d1ea4ee2f5a9d52-7b9c1c7d7f3e1a2b-00", ["code"] = problem.Code,
        };
        if (problem.Code is "validation_failed")
            example["errors"] = new JsonObject { ["text"] = new JsonArray("'Text' must not be empty.") };
        return example;
    }
}
