using System.Reflection;
using MetaMessaging.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Generates a C# client with NSwag, and compiles it in memory with the file that uses it.</summary>
internal static class NSwagClient
{
    private const string Namespace = "MetaMessaging.GeneratedClient";

    public static async Task<string[]> RunMainFlowAsync(string documentFile, Uri baseAddress, string email, string password)
    {
        var mainFlow = await File.ReadAllTextAsync(Repository.PathOf("tests", "EndToEnd.Tests", "GeneratedClient", "MainFlow.cs"));
        var assembly = Compile(await GenerateAsync(documentFile), mainFlow);
        return await (Task<string[]>)assembly.GetType($"{Namespace}.MainFlow")!.GetMethod("RunAsync")!
            .Invoke(null, [baseAddress, email, password])!;
    }

    private static async Task<string> GenerateAsync(string documentFile)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "ApiClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        };
        settings.CSharpGeneratorSettings.Namespace = Namespace;
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
        return new CSharpClientGenerator(await OpenApiDocument.FromFileAsync(documentFile), settings).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            Namespace, sources.Select(source => CSharpSyntaxTree.ParseText(source)), framework, new(OutputKind.DynamicallyLinkedLibrary));
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        Assert.Empty(result.Diagnostics.Where(found => found.Severity is DiagnosticSeverity.Error));
        return Assembly.Load(bytes.ToArray());
    }
}
