using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Loaded by .NET into the app where DOTNET_STARTUP_HOOKS names this assembly: kills the process at the command with that number of
/// those that Entity Framework sends to the database while it migrates.
/// </summary>
internal static class StartupHook
{
    public const string KillAtCommand = "KILL_AT_MIGRATION_COMMAND";

    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") value.Subscribe(new Events());
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }

    private sealed class Events : IObserver<KeyValuePair<string, object?>>
    {
        private readonly int killAt = int.Parse(Environment.GetEnvironmentVariable(KillAtCommand)!, CultureInfo.InvariantCulture);
        private bool isMigrating;
        private int commands;

        public void OnNext(KeyValuePair<string, object?> value)
        {
            isMigrating |= value.Key == "Microsoft.EntityFrameworkCore.Migrations.MigrateUsingConnection";
            if (!isMigrating || value.Key != "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted") return;
            if (++commands == killAt) Process.GetCurrentProcess().Kill();
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
