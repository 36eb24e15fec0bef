namespace MetaMessaging.Infrastructure.Mailing;

internal static class MailRegistration
{
    public static void AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section))
            .Validate(mail => mail.HasHost, "Mail:Host is the name of a mail server, such as smtp.example.com.")
            .Validate(mail => mail.HasPort, "Mail:Port lies between 1 and 65535.")
            .Validate(mail => mail.HasSender, "Mail:From is the address that mails come from, such as MetaMessaging <inbox@example.com>.")
            .Validate(mail => mail.HasSecurity, "Mail:Security is auto, none, startTls or ssl.")
            .Validate(mail => mail.HasCredentials, "Mail:Password needs Mail:User.")
            .ValidateOnStart();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<IMail>(provider => provider.GetRequiredService<MailQueue>());
        services.AddSingleton<IResetMailLimit, ResetMailLimit>();
        services.AddTransient<MailJob>();
    }
}
