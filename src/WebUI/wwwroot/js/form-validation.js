// Checks a form before it is sent. The rules are FluentValidation's, which the server renders as data-val attributes.
import { ValidationService } from '../lib/aspnet-client-validation/aspnet-validation.js';

const service = new ValidationService();

// The library switches the browser's own checks off in the forms that it takes over, so `required` becomes a rule of its own.
for (const field of document.querySelectorAll('form:has([data-val="true"]) [required]:not([data-val-required])')) {
  field.dataset.val = 'true';
  field.dataset.valRequired = `'${field.labels[0].textContent.trim()}' must not be empty.`;
}

service.highlight = (field, invalidClass, validClass) => {
  service.swapClasses(field, invalidClass, validClass);
  field.ariaInvalid = 'true';
};
service.unhighlight = (field, invalidClass, validClass) => {
  service.swapClasses(field, validClass, invalidClass);
  field.ariaInvalid = null;
};
service.bootstrap();
