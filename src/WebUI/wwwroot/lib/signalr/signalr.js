import './signalr.min.js';

export const { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel } = globalThis.signalR;
export default globalThis.signalR;
