// Deliveries: figures and progress fetch themselves, rows can be selected.
import './poll.js';
import './selection.js';
