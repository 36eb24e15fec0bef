using System.Text.RegularExpressions;
using FluentValidation;
using MediatR;

namespace MetaMessaging.ArchitectureTests;

public sealed partial class SliceShapeTests
{
    [Fact]
    public void There_are_slices_to_look_at() => Assert.NotEmpty(Assemblies.Requests);

    [Fact]
    public void A_slice_is_a_folder_of_its_own_name() => Rule.Holds(
        "A request lives in src/Application/{Area}/{Request}/{Request}.cs, and {Area} is its namespace:",
        Assemblies.Requests.Where(request => !File.Exists(FileOf(request))).Select(request => request.FullName!));

    [Fact]
    public void A_request_is_a_public_sealed_type_declared_in_its_file() => Rule.Holds(
        "A request is public and sealed, and its file declares it:",
        Assemblies.Requests
            .Where(request => !request.IsPublic || !request.IsSealed || !Declares(request, request.Name))
            .Select(request => request.FullName!));

    [Fact]
    public void Every_request_has_one_handler_in_its_file() => Rule.Holds(
        "A request has exactly one handler: internal, sealed, named {Request}Handler, in the same file:",
        Assemblies.Requests.Where(request => !IsHandledProperly(request)).Select(request => request.FullName!));

    [Fact]
    public void Validators_stand_beside_what_they_validate() => Rule.Holds(
        "A validator is internal, sealed, named {Request}Validator, and in the same file:",
        Assemblies.Application.GetTypes()
            .SelectMany(
                type =>
                    type.As(typeof(AbstractValidator<>)).Select(validator => (Type: type, Validated: validator.GenericTypeArguments[0])))
            .Where(found => !found.Type.IsAbstract && !found.Type.IsGenericTypeDefinition)
            .Where(found => !found.Type.IsInternalSealed()
                || (Assemblies.Requests.Contains(found.Validated)
                    && (found.Type.Name != $"{found.Validated.Name}Validator" || !Declares(found.Validated, found.Type.Name))))
            .Select(found => found.Type.FullName!));

    [Fact]
    public void Subscribers_are_internal_and_sealed() => Rule.Holds(
        "A subscriber is internal and sealed:",
        Assemblies.Application.GetTypes()
            .Where(
                type =>
                    type is { IsInterface: false, IsAbstract: false } && type.As(typeof(INotificationHandler<>)).Any()
                        && !type.IsInternalSealed())
            .Select(type => type.FullName!));

    [Fact]
    public void Namespaces_name_the_area_and_not_the_slice() => Rule.Holds(
        "The namespace is project plus area, for the request carries the folder's name:",
        Source.Files("src/Application", ".cs")
            .Where(file => NamespaceOf(file) is { } found && found != ExpectedNamespace(file))
            .Select(file => file.Path));

    [Fact]
    public void An_inbound_event_never_saves() => Rule.Holds(
        "The inbound processor commits the batch:",
        Assemblies.Requests
            .Where(request => request.GetInterfaces().Any(i => i.Name == "IInboundEvent") && File.Exists(FileOf(request)))
            .Where(request => File.ReadAllText(FileOf(request)).Contains("SaveChanges", StringComparison.Ordinal))
            .Select(request => request.FullName!));

    [Fact]
    public void No_slice_catches_everything() => Rule.Holds(
        "A slice catches the exceptions that it expects, by type:",
        Source.Files("src/Application", ".cs").Where(file => !file.Path.StartsWith("src/Application/Common/", StringComparison.Ordinal))
            .SelectMany(file => file.Matches(CatchAll()).Select(match => match.Place)));

    private static string FileOf(Type request) => Source.PathOf("src", "Application", request.Area(), request.Name, $"{request.Name}.cs");

    private static bool Declares(Type request, string typeName) =>
        File.Exists(FileOf(request)) && Regex.IsMatch(File.ReadAllText(FileOf(request)), $@"\b(record|class|struct)\s+{typeName}\b");

    private static bool IsHandledProperly(Type request)
    {
        var handlers = Assemblies.Application.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false }
                && type.As(typeof(IRequestHandler<,>)).Any(handler => handler.GenericTypeArguments[0] == request))
            .ToList();
        return handlers is [var only] && only.Name == $"{request.Name}Handler" && only.IsInternalSealed() && Declares(request, only.Name);
    }

    private static string? NamespaceOf(SourceFile file) =>
        file.Lines.Select(line => NamespaceLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    private static string ExpectedNamespace(SourceFile file) =>
        file.Path.Split('/') is [_, _, var area, _, ..] ? $"MetaMessaging.Application.{area}" : "MetaMessaging.Application";

    [GeneratedRegex(@"^namespace\s+([\w.]+)")]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\bcatch\s*(\(\s*(System\.)?Exception(\s+\w+)?\s*\)\s*(?!\s*when)|$|\{)")]
    private static partial Regex CatchAll();
}
