using System.Reflection;
using Xunit.v3;

namespace MetaMessaging.Testing;

/// <summary>
/// Leaves out the test classes whose <see cref="Requirement"/> this machine does not meet; <see cref="RequirementTests"/> reports them.
/// </summary>
public sealed class RequirementTestFramework : XunitTestFramework
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new Discoverer(new XunitTestAssembly(assembly, null, version: assembly.GetName().Version));

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override bool IsValidTestClass(Type type) =>
            base.IsValidTestClass(type) && Requirements.Of(type).All(requirement => Requirements.WhyMissing(requirement) is null);
    }
}
