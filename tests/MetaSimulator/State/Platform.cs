using System.Collections.Concurrent;
using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.Phone;
using MetaMessaging.MetaSimulator.Sending;
using MetaMessaging.MetaSimulator.Stories;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>The complete state of the simulated Meta. A reset replaces it by a new instance.</summary>
internal sealed class Platform : IDisposable
{
    private readonly ConcurrentDictionary<string, Message> _messages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Customer> _customersByConversation = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly Lock _settingsLock = new();
    private volatile Settings _settings;

    public Platform(SimulatorOptions options, Uri baseAddress, LiveFeed live, HttpClients http)
    {
        BaseAddress = baseAddress;
        Live = live;
        _settings = new Settings
        {
            App = new AppSettings { Id = options.AppId, Secret = options.AppSecret, RedirectUris = [.. options.RedirectUris] },
        };
        Authorizations = new Authorizations(this);
        Media = new MediaLibrary(this);
        Webhooks = new WebhookHub(this, http);
        Attachments = new AttachmentStore(this, http);
        Seed.AddTo(this, options.Pages);
    }

    public Uri BaseAddress { get; }

    public LiveFeed Live { get; }

    public SimulatedClock Clock { get; } = new();

    public Authorizations Authorizations { get; }

    public MediaLibrary Media { get; }

    public WebhookHub Webhooks { get; }

    public AttachmentStore Attachments { get; }

    public AcceptedMessages Accepted { get; } = new();

    public RateLimiter RateLimits { get; } = new();

    public FaultPlan Faults { get; } = new();

    public CallLog Calls { get; } = new();

    public StoryPlayer? Story { get; set; }

    public ConcurrentDictionary<string, Page> Pages { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Persona> Personas { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, Person> Persons { get; } = new(StringComparer.Ordinal);

    /// <summary>The person who is logged in when the login dialog opens.</summary>
    public string CurrentPersonId { get; set; } = "";

    public IEnumerable<Customer> Customers => _customers.Values;

    public Settings Settings => _settings;

    public void Change(Func<Settings, Settings> change)
    {
        lock (_settingsLock) _settings = change(_settings);
    }

    public void Add(Page page) => Pages[page.Id] = page;

    public Customer Add(Customer customer)
    {
        if (!_customers.TryAdd(customer.Id, customer)) throw new InvalidOperationException($"There is a customer {customer.Id} already.");
        _customersByConversation[customer.ConversationId] = customer;
        Live.Publish("customers", customer.Id);
        return customer;
    }

    public void Add(Customer customer, Message message)
    {
        customer.Add(message);
        _messages[message.Mid] = message;
        Live.Publish("thread", customer.Id);
    }

    public Customer? FindCustomer(string id) => _customers.GetValueOrDefault(id);

    public Customer? FindConversation(string conversationId) => _customersByConversation.GetValueOrDefault(conversationId);

    public Message? FindMessage(string mid) => _messages.GetValueOrDefault(mid);

    public Page? FindPageByInstagram(string accountId) => Pages.Values.FirstOrDefault(page => page.Instagram?.Id == accountId);

    /// <summary>False after the customer's Instagram account was unlinked from the Page.</summary>
    public bool IsLinked(Customer customer) =>
        customer.Channel is Channel.Messenger || Pages[customer.PageId].Instagram?.Id == customer.AccountId;

    /// <summary>Binds the current platform. As a scoped service the container would dispose of it after each request.</summary>
    public static ValueTask<Platform> BindAsync(HttpContext http) =>
        ValueTask.FromResult(http.RequestServices.GetRequiredService<PlatformHolder>().Platform);

    public void Dispose() => Webhooks.Dispose();
}

/// <summary>The HTTP clients that act for Meta: one delivers webhooks, one fetches attachments.</summary>
internal sealed class HttpClients : IDisposable
{
    public HttpClient Webhooks { get; } = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 64, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public HttpClient Fetch { get; } = new(new SocketsHttpHandler { MaxAutomaticRedirections = 5, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose()
    {
        Webhooks.Dispose();
        Fetch.Dispose();
    }
}
