namespace MetaMessaging.WebUI.Monitoring;

/// <summary>Its figures are read from the database when somebody asks for the metrics, so an idle app runs no queries for them.</summary>
internal interface IFigureMeter
{
    Task ReadAsync(IMediator mediator, CancellationToken cancellationToken);
}
