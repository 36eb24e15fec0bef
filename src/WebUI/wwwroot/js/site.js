import './copy.js';
import './keys.js';
import './menus.js';
import './broken-media.js';
import './reveal.js';
import './theme.js';
import './times.js';

if (document.querySelector('form [data-val="true"]')) import('./form-validation.js');
if (document.querySelector('[data-unread-count]')) {
  import('./unread-count.js');
  import('./mentions.js');
}
