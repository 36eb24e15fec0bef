const svg = 'http://www.w3.org/2000/svg';

/** An icon of the sprite, with the markup that the icon tag helper renders. */
export function icon(name) {
  const element = document.createElementNS(svg, 'svg');
  element.classList.add('icon');
  element.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', `/lib/tabler-icons/sprite.svg#${name}`);
  element.append(use);
  return element;
}
