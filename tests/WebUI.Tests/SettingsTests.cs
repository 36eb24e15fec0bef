using System.Text.Json;

namespace MetaMessaging.WebUI.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void The_settings_file_is_plain_json()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")));

        Assert.Equal(JsonValueKind.Object, settings.RootElement.ValueKind);
    }
}
