using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>What a route adds to its own description in the OpenAPI document.</summary>
internal static class RouteDocumentation
{
    /// <param name="codes">
    /// The codes of <see cref="ProblemCatalogue"/> that this route may answer with, besides those of every route.
    /// </param>
    public static TBuilder WithProblems<TBuilder>(this TBuilder route, params string[] codes) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteProblems([.. codes.Select(code => ProblemCatalogue.Of(code))]));

    /// <summary>Like <see cref="WithProblems{TBuilder}"/>, for a code that other routes answer with another status.</summary>
    public static TBuilder WithProblem<TBuilder>(this TBuilder route, int status, string code)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteProblems([ProblemCatalogue.Of(code, status)]));

    /// <param name="examples">One object of each type that the route takes and answers with; for a list, one item.</param>
    public static TBuilder WithExamples<TBuilder>(this TBuilder route, params object[] examples)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteExamples(examples));

    public static TBuilder WithParameterExample<TBuilder>(this TBuilder route, string name, JsonNode value)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new ParameterExample(name, value));

    /// <summary>The handler reads the parameter from the request itself, so the framework does not know of it.</summary>
    public static TBuilder WithParameter<TBuilder>(
        this TBuilder route, ParameterLocation location, string name, string description, string example, bool isRequired = true)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new ReadByHandler(operation => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = location,
            Description = description,
            Required = isRequired,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = example,
        })));

    /// <summary>The handler reads the JSON of the body itself, so the framework does not know of it.</summary>
    public static TBuilder WithJsonBody<TBuilder>(this TBuilder route, string description, string example)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new ReadByHandler(operation => operation.RequestBody = new OpenApiRequestBody
        {
            Description = description,
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse(example),
                },
            },
        }));

    /// <summary>The handler reads the multipart body itself, so the framework does not know of it.</summary>
    public static RouteHandlerBuilder WithFileBody(this RouteHandlerBuilder route, string field) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            var form = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { field },
                Properties = new Dictionary<string, IOpenApiSchema> { [field] = file },
            };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = form } },
            };
            return Task.CompletedTask;
        });
}

internal sealed record RouteProblems(IReadOnlyList<Problem> Problems);

/// <summary>A part of the request that the framework does not check, so that no problem of a malformed request follows from it.</summary>
internal sealed record ReadByHandler(Action<OpenApiOperation> AddTo);

internal sealed record ParameterExample(string Name, JsonNode Value);
