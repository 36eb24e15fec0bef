namespace MetaMessaging.Application.Common;

/// <summary>Restricts a list to a span of time. A null member does not restrict.</summary>
public interface IPeriod
{
    /// <summary>Included.</summary>
    DateTimeOffset? From { get; }

    /// <summary>Not included.</summary>
    DateTimeOffset? To { get; }
}

internal sealed class PeriodValidator : AbstractValidator<IPeriod>
{
    public PeriodValidator() => RuleFor(p => p.To).GreaterThan(p => p.From).When(p => p.From is not null && p.To is not null)
        .WithMessage("The end must be after the beginning.");
}
