using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>A value that is read and written as a whole and never searched.</summary>
internal sealed class JsonValueConverter<T>() : ValueConverter<T, string>(value => Serialize(value), stored => Deserialize(stored))
{
    private static string Serialize(T value) => JsonSerializer.Serialize(value);

    private static T Deserialize(string json) => JsonSerializer.Deserialize<T>(json)!;
}
