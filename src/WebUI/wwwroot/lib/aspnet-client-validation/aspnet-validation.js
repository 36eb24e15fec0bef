import './aspnet-validation.min.js';

export const { ValidationService } = globalThis.aspnetValidation;
