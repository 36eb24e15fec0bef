using MetaMessaging.WebUI.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.Api.Compliance;

/// <summary>The form in which Meta sends a signed_request.</summary>
internal static class SignedRequestForm
{
    private const string Field = "signed_request";

    private const int MaxBytes = 64 * 1024;

    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            throw new BadHttpRequestException("The form is missing.", StatusCodes.Status415UnsupportedMediaType);
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxBytes;
        return (await ReadableForm.ReadAsync(request, cancellationToken))[Field] is [{ } single] ? single : null;
    }

    public static IEndpointConventionBuilder WithSignedRequest(this IEndpointConventionBuilder route) => route
        .WithProblems("validation_failed", "too_large", "unsupported_media_type", "meta_not_configured", UnavailableException.StorageCode)
        .WithMetadata(new ReadByHandler(operation => operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-www-form-urlencoded"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { Field },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            [Field] = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                Description = "`base64url(HMAC-SHA256)` + `.` + `base64url(JSON)`, at most an hour old.",
                            },
                        },
                    },
                },
            },
        }));
}
