namespace MetaMessaging.EndToEnd.Tests;

public sealed class ProgramTests
{
    [Fact]
    public void The_program_lies_beside_the_tests_that_start_it() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "MetaMessaging.WebUI.dll")));
}
