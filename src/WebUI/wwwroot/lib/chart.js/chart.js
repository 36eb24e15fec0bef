import './chart.umd.min.js';

export const { Chart } = globalThis;
export default Chart;
