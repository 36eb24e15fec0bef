using System.Linq.Expressions;

namespace MetaMessaging.Application.Common;

/// <summary>Searches stored payloads inside the database. Each database context translates it to SQL of its own.</summary>
public static class PayloadSearch
{
    /// <summary>Reads each payload once, however many texts there are.</summary>
    public static IQueryable<WebhookDelivery> WithAnyText(this IQueryable<WebhookDelivery> deliveries, IEnumerable<string> texts)
    {
        var delivery = Expression.Parameter(typeof(WebhookDelivery), "d");
        var isFound = texts.Select(text => new WithParameter(delivery).Visit(Contains(Encoding.UTF8.GetBytes(text)).Body))
            .Aggregate((Expression)Expression.Constant(false), Expression.OrElse);
        return deliveries.Where(Expression.Lambda<Func<WebhookDelivery, bool>>(isFound, delivery));

        static Expression<Func<WebhookDelivery, bool>> Contains(byte[] text) => d => Position(d.Payload, text) > 0;
    }

    /// <returns>Where the text begins, counted from 1; 0 when the payload does not contain it.</returns>
    public static int Position(byte[] payload, byte[] text) => throw new NotSupportedException("For queries only.");

    private sealed class WithParameter(ParameterExpression parameter) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => parameter;
    }
}
