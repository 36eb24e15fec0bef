using System.Text.RegularExpressions;

namespace MetaMessaging.ArchitectureTests;

public sealed partial class SourceRuleTests
{
    [Fact]
    public void The_time_comes_from_the_clock_that_was_handed_in() => Rule.Holds(
        "Take TimeProvider, or `now` as a parameter: a clock that can't be stopped can't be tested.",
        Code().SelectMany(file => file.Matches(SystemClock())).Select(match => match.Place));

    [Fact]
    public void Looking_across_organizations_gives_its_reason() => Rule.Holds(
        "IgnoreQueryFilters() shows one organization another's rows. Say on the line above the statement why it may.",
        Code().SelectMany(file => file.Matches(IgnoredFilter()).Where(match => !file.IsExplained(match.Line))).Select(match => match.Place));

    [Fact]
    public void One_client_opens_foreign_addresses()
    {
        var users = Code().Where(file => file.Matches(Client()).Any()).Select(file => file.Path).ToList();

        Rule.Holds("An address that somebody else chose is opened by one guarded client, so one file names HttpClient:", users.Count > 1 ? users : []);
    }

    [Fact]
    public void No_client_is_made_by_hand() => Rule.Holds(
        "A client made by hand has no timeout, no pool and no guard:",
        Code().SelectMany(file => file.Matches(ClientByHand())).Select(match => match.Place));

    [Fact]
    public void Views_encode_what_they_show() => Rule.Holds(
        "No Html.Raw, no HtmlString: what people write is shown, never run.",
        Code().Concat(Views()).SelectMany(file => file.Matches(RawHtml())).Select(match => match.Place));

    [Fact]
    public void Views_have_no_inline_scripts_and_no_bags() => Rule.Holds(
        "Scripts are modules in wwwroot/js, and a view's data is its model:",
        Views().SelectMany(file => file.Matches(InlineScript()).Concat(file.Matches(Bag()))).Select(match => match.Place));

    [Fact]
    public void Code_never_blocks_on_what_it_could_await() => Rule.Holds(
        "Blocking a thread on a task starves the pool under load:",
        Code().SelectMany(file => file.Matches(Blocking())).Select(match => match.Place));

    private static IEnumerable<SourceFile> Code() =>
        Source.Files("src", ".cs").Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Views() => Source.Files("src", ".cshtml");

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex SystemClock();

    [GeneratedRegex(@"\bIgnoreQueryFilters\s*\(")]
    private static partial Regex IgnoredFilter();

    [GeneratedRegex(@"\b(HttpClient|IHttpClientFactory)\b")]
    private static partial Regex Client();

    [GeneratedRegex(@"\bnew\s+(HttpClient|HttpClientHandler)\b|\bHttpClient\s+\w+\s*=\s*new\s*\(")]
    private static partial Regex ClientByHand();

    [GeneratedRegex(@"\bHtml\.Raw\b|\bnew\s+HtmlString\b")]
    private static partial Regex RawHtml();

    [GeneratedRegex(@"<script(?![^>]*\b(src=|type=""application/json""))[^>]*>|\son[a-z]+\s*=\s*[""']|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"\bViewBag\b|^\s*@inject\s+(?!.*Localizer)")]
    private static partial Regex Bag();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|Thread\.Sleep\(")]
    private static partial Regex Blocking();
}
