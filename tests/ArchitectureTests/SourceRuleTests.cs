using System.Text.RegularExpressions;
using MetaMessaging.WebUI.BackOffice;

namespace MetaMessaging.ArchitectureTests;

public sealed partial class SourceRuleTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 300;

    [Fact]
    public void The_time_comes_from_the_clock_that_was_handed_in() => Rule.Holds(
        "Take TimeProvider, or `now` as a parameter, so that tests can set the time:",
        Code().SelectMany(file => file.Matches(SystemClock())).Select(match => match.Place));

    [Fact]
    public void Looking_across_organizations_gives_its_reason() => Rule.Holds(
        "IgnoreQueryFilters() shows one organization another's rows. Say on the line above the statement why it may.",
        Code().SelectMany(
            file => file.Matches(IgnoredFilter()).Where(match => !file.IsExplained(match.Line))).Select(match => match.Place));

    [Fact]
    public void One_client_opens_foreign_addresses()
    {
        var users = Code().Where(file => file.Matches(Client()).Any()).Select(file => file.Path).ToList();

        Rule.Holds(
            "One guarded client opens addresses that come from outside, so only one file names HttpClient:", users.Count > 1 ? users : []);
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
    public void The_browser_checks_each_form_that_shows_messages_beside_its_fields()
    {
        var checkedForms = Assemblies.WebUI.GetTypes()
            .Where(type => type.IsDefined(typeof(RulesOfAttribute), inherit: false)).Select(type => type.Name);

        Rule.Holds(
            "The model of a view with asp-validation-for is a class marked with [RulesOf(typeof(TheRequest))]:",
            Views().Where(view => view.Text.Contains("asp-validation-for", StringComparison.Ordinal))
                .Where(view => !checkedForms.Contains(view.Lines[0].Replace("@model ", "", StringComparison.Ordinal)))
                .Select(view => view.Path));
    }

    [Fact]
    public void Code_never_blocks_on_what_it_could_await() => Rule.Holds(
        "Blocking a thread on a task starves the pool under load:",
        Code().SelectMany(file => file.Matches(Blocking())).Select(match => match.Place));

    [Fact]
    public void No_line_is_longer_than_140_columns() => Rule.Holds(
        $"A line of code ends before column {MaxColumns + 1}:",
        HandWritten(".cs", ".cshtml", ".js", ".css")
            .SelectMany(file => file.Lines.Select((line, index) => (Place: $"{file.Path}:{index + 1}", line.Length)))
            .Where(line => line.Length > MaxColumns)
            .Select(line => $"{line.Place} has {line.Length}"));

    [Fact]
    public void No_file_of_the_product_is_longer_than_300_lines() => Rule.Holds(
        $"A file with more than {MaxLines} lines does several jobs. Split it:",
        HandWritten(".cs", ".cshtml", ".js", ".css")
            .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Lines.Length > MaxLines)
            .Select(file => $"{file.Path} has {file.Lines.Length}"));

    [Fact]
    public void A_caught_exception_is_called_exception() => Rule.Holds(
        "catch (X exception), whatever it means:",
        HandWritten(".cs").SelectMany(file => file.Matches(CaughtUnderAnotherName())).Select(match => match.Place));

    [Fact]
    public void Comments_name_sections_that_the_platform_reference_has()
    {
        var sections = SectionsOf("docs/meta-platform.md");

        Rule.Holds(
            "The platform reference has no section of that title (docs/meta-platform.md):",
            HandWritten(".cs", ".cshtml", ".js").SelectMany(file => Citation().Matches(CommentBreak().Replace(file.Text, " "))
                .SelectMany(citation => citation.Groups[1].Value.Split("; "))
                .Where(section => !sections.Contains(section))
                .Select(section => $"{file.Path}: {section}")));
    }

    private static IEnumerable<SourceFile> HandWritten(params string[] extensions) =>
        new[] { "src", "tests", "build" }.SelectMany(folder => Source.Files(folder, extensions))
            .Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal));

    /// <returns>"Send API", "Send API → Limits".</returns>
    private static HashSet<string> SectionsOf(string document)
    {
        var sections = new HashSet<string>();
        var chapter = "";
        foreach (var line in File.ReadLines(Source.PathOf(document)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) sections.Add(chapter = line[3..]);
            if (line.StartsWith("### ", StringComparison.Ordinal)) sections.Add($"{chapter} → {line[4..]}");
        }

        return sections;
    }

    private static IEnumerable<SourceFile> Code() =>
        Source.Files("src", ".cs").Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Views() => Source.Files("src", ".cshtml");

    [GeneratedRegex(@"\bcatch\s*\(\s*[\w.]+\s+(?!exception\b)\w+\s*\)")]
    private static partial Regex CaughtUnderAnotherName();

    [GeneratedRegex(@"platform reference, ([^()]+)\)")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\n\s*//+\s*")]
    private static partial Regex CommentBreak();

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

    [GeneratedRegex(
        @"<script(?![^>]*\b(src=|type=""application/json""))[^>]*>|\son[a-z]+\s*=\s*[""']|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"\bViewBag\b|^\s*@inject\s+(?!.*Localizer)")]
    private static partial Regex Bag();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|Thread\.Sleep\(")]
    private static partial Regex Blocking();
}
