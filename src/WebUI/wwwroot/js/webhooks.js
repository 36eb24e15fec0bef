// The pages of webhook deliveries.
import './poll.js';
import './selection.js';
