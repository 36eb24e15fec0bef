namespace MetaMessaging.ArchitectureTests;

public sealed class EndpointShapeTests
{
    private const string Suffix = "Endpoint";

    private static readonly IReadOnlyList<Type> Endpoints =
        [.. Assemblies.WebUI.GetTypes()
            .Where(type => type is { IsInterface: false, IsNested: false } && (IsEndpoint(type) || HasEndpointName(type)))];

    [Fact]
    public void There_are_endpoints_to_look_at()
    {
        Assert.NotEmpty(Endpoints);
    }

    [Fact]
    public void An_endpoint_is_internal_sealed_and_named_as_one() => Rule.Holds(
        "An endpoint is internal, sealed, implements IEndpoint and is named {Request}Endpoint:",
        Endpoints.Where(
            endpoint =>
                !endpoint.IsInternalSealed() || !IsEndpoint(endpoint) || !HasEndpointName(endpoint)).Select(endpoint =>
                    endpoint.FullName!));

    [Fact]
    public void An_endpoint_is_in_the_area_of_its_slice() => Rule.Holds(
        "An endpoint is src/WebUI/Api/{Area}/{Request}Endpoint.cs, with the area and the name of its slice:",
        Endpoints.Where(endpoint => !HasSlice(endpoint)).Select(endpoint => endpoint.FullName!));

    [Fact]
    public void An_endpoint_file_holds_an_endpoint() => Rule.Holds(
        "A file named ...Endpoint.cs declares the type of that name:",
        EndpointFiles()
            .Where(file => !Endpoints.Any(endpoint => $"{endpoint.Name}.cs" == file.Name))
            .Select(file => file.Path));

    [Fact]
    public void Jobs_and_inbound_events_have_no_endpoint() => Rule.Holds(
        "Jobs and inbound events are internal work that no caller may start:",
        Assemblies.Requests
            .Where(request => request.GetInterfaces().Any(i => i.Name is "IJob" or "IInboundEvent"))
            .Where(request => Endpoints.Any(endpoint => endpoint.Name == request.Name + Suffix))
            .Select(request => request.FullName!));

    private static IEnumerable<SourceFile> EndpointFiles() => Source.Files("src/WebUI/Api", ".cs")
        .Where(file => file.Name.EndsWith($"{Suffix}.cs", StringComparison.Ordinal) && file.Name != $"I{Suffix}.cs");

    private static bool IsEndpoint(Type type) => type.GetInterfaces().Any(i => i.Name == "IEndpoint" && i.Assembly == Assemblies.WebUI);

    private static bool HasEndpointName(Type type) =>
        type.Namespace?.StartsWith("MetaMessaging.WebUI.Api", StringComparison.Ordinal) is true
            && type.Name.EndsWith(Suffix, StringComparison.Ordinal);

    private static bool HasSlice(Type endpoint) => Assemblies.Requests.Any(request =>
        request.Name + Suffix == endpoint.Name && File.Exists(Source.PathOf("src", "WebUI", "Api", request.Area(), $"{endpoint.Name}.cs")));
}
