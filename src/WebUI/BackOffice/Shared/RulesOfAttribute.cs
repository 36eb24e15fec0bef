using System.Reflection;
using FluentValidation.AspNetCore;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The browser checks this form against the rules of the request that it is sent as.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RulesOfAttribute(Type request) : Attribute
{
    public Type Request => request;
}

/// <summary>
/// FluentValidation renders data-val attributes for properties whose own type has a validator. A form class has none, so it gets the
/// attributes of the request's property of the same name.
/// </summary>
internal sealed class RequestRulesProvider(FluentValidationClientModelValidatorProvider rules, IModelMetadataProvider metadata)
    : IClientModelValidatorProvider
{
    public void CreateValidators(ClientValidatorProviderContext context)
    {
        if (context.ModelMetadata.ContainerType?.GetCustomAttribute<RulesOfAttribute>()?.Request is not { } request) return;

        var property = metadata.GetMetadataForProperties(request).FirstOrDefault(p => p.PropertyName == context.ModelMetadata.PropertyName);
        if (property is not null) rules.CreateValidators(new ClientValidatorProviderContext(property, context.Results));
    }
}
