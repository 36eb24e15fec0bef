using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace MetaMessaging.ArchitectureTests;

public sealed class DependencyTests
{
    private static readonly string[] AllowedInApplication =
    [
        "FluentValidation", "FluentValidation.DependencyInjectionExtensions", "Mapster", "MediatR", "MetaMessaging.Domain",
        "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Abstractions", "Scrutor",
        "Microsoft.EntityFrameworkCore.Relational",   // what SQL databases have in common; not a provider
    ];

    [Fact]
    public void The_domain_references_nothing() => Rule.Holds(
        "Domain references the base library only:",
        References(Assemblies.Domain).Where(name => !IsBaseLibrary(name)));

    [Fact]
    public void The_application_references_the_domain_and_its_few_packages() => Rule.Holds(
        "Application references Domain, the packages named here and extension abstractions; no provider, nothing of ASP.NET Core:",
        References(Assemblies.Application).Where(name =>
            !IsBaseLibrary(name)
            && !AllowedInApplication.Contains(name)
            && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)));

    [Fact]
    public void The_infrastructure_does_not_know_the_web_application() =>
        Assert.DoesNotContain("MetaMessaging.WebUI", References(Assemblies.Infrastructure));

    [Fact]
    public void The_simulator_and_the_product_share_no_code() => Rule.Holds(
        "The simulator stands for Meta, so it must not agree with src by construction:",
        Source.Files("tests/MetaSimulator", ".cs", ".csproj").SelectMany(file => file.Lines
            .Where(line => line.Contains("src/", StringComparison.Ordinal) && line.Contains("ProjectReference", StringComparison.Ordinal))
            .Select(line => $"{file.Path}: {line.Trim()}")));

    [Fact]
    public void Only_the_composition_root_names_the_infrastructure()
    {
        var architecture = new ArchLoader().LoadAssemblies(Assemblies.Infrastructure, Assemblies.WebUI).Build();

        var rule = Types().That().ResideInAssembly(Assemblies.WebUI).And().FollowCustomPredicate(IsNotProgram, "are not Program")
            .Should().NotDependOnAny(Types().That().ResideInAssembly(Assemblies.Infrastructure))
            .Because("WebUI sends requests; what answers them is chosen in Program.cs")
            .WithoutRequiringPositiveResults();

        ArchRuleAssert.CheckRule(architecture, rule);
    }

    /// <summary>An area is a top folder of a project: the namespace's next part.</summary>
    [Theory]
    [InlineData("Domain")]
    [InlineData("Application")]
    [InlineData("Infrastructure")]
    [InlineData("WebUI")]
    public void Areas_of_a_project_do_not_depend_on_each_other_in_a_circle(string project)
    {
        var architecture = new ArchLoader().LoadAssembly(Assembly.Load($"MetaMessaging.{project}")).Build();

        var rule = SliceRuleDefinition.Slices().Matching($"MetaMessaging.{project}.(*)").Should().BeFreeOfCycles();

        ArchRuleAssert.CheckRule(architecture, rule);
    }

    /// <summary>Lambdas and the async Main of top-level statements are types nested in Program.</summary>
    private static bool IsNotProgram(IType type) =>
        type.FullName != "Program" && !type.FullName.StartsWith("Program+", StringComparison.Ordinal)
            && !type.FullName.StartsWith("Program/", StringComparison.Ordinal);

    private static IEnumerable<string> References(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    private static bool IsBaseLibrary(string name) =>
        name is "System" or "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal);
}
