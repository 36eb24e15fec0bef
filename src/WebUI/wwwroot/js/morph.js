// Brings a part of the page to the state of fetched markup. Elements that stay are changed in place, so focus, selection,
// scroll positions, open menus and playing videos survive. Where optional elements stand beside one with such a state, it needs
// an id: idiomorph also matches the white space between elements, and may replace one that has none.
import { Idiomorph } from '../lib/idiomorph/idiomorph.js';
import { markBrokenMedia } from './broken-media.js';

// The browser and scripts set these; the server's markup does not know them.
const clientAttributes = ['open', 'aria-expanded', 'data-copied'];

/** The element itself is brought to the state of `next`. */
export const morph = (element, next) => run(element, next, 'outerHTML');

/** The element stays as it is, its content is brought to the state of `next`. */
export const morphContent = (element, next) => run(element, next, 'innerHTML');

function run(element, next, morphStyle) {
  Idiomorph.morph(element, next, {
    morphStyle,
    callbacks: { beforeAttributeUpdated: (name, changed) => !clientAttributes.includes(name) && !isBeingTyped(name, changed) },
  });
  markBrokenMedia(element);
}

const isBeingTyped = (name, field) => name === 'value' && field === document.activeElement;
