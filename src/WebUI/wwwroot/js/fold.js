/** Text as lists of choices compare it: without case and accents. */
export const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').replace(/ı/g, 'i');
