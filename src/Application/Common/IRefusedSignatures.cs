namespace MetaMessaging.Application.Common;

/// <summary>Counts deliveries that came without Meta's signature. Costs nothing, whoever sends them and how many.</summary>
public interface IRefusedSignatures
{
    void Note();
}
