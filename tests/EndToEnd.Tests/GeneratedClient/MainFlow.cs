using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;

namespace MetaMessaging.GeneratedClient;

/// <summary>
/// Compiled by a test, together with what NSwag makes of the OpenAPI document: a member that the document lacks does not compile.
/// </summary>
public static class MainFlow
{
    /// <returns>The status of the message that was sent, and its text wherever it was read again.</returns>
    public static async Task<string[]> RunAsync(Uri baseAddress, string email, string password)
    {
        using var http = new HttpClient { BaseAddress = baseAddress };
        var api = new ApiClient(http);
        var signedIn = await api.SignInAsync(new SignIn { Email = email, Password = password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.AccessToken);
        var created = await api.CreateApiKeyAsync(
            new CreateApiKey { Name = "NSwag", Scopes = ["messages:send", "conversations:read"] });

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Key);
        var conversation = (await api.ListConversationsAsync(limit: 10)).Items.First();
        var sent = await api.SendMessageAsync(
            idempotency_Key: "nswag", prefer: "wait=20", body: new SendMessage { ConversationId = conversation.Id, Text = "from NSwag" });
        var message = await api.GetMessageAsync(sent.Messages.Single().Id);
        var listed = await api.ListMessagesAsync(conversation.Id);
        return [$"{message.Status}", message.Text, listed.Items.Single(item => item.Id == message.Id).Text];
    }
}
