/**
 * How charts look.
 *
 * @module
 */

/** Rules for charts. */
export const chartStyles = `
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 28px; }
.charts .chart:first-child { grid-column: 1 / -1; }
.chart { margin: 12px 0 6px; min-width: 0; }
.chart figcaption { font-size: 0.93rem; margin-bottom: 8px; }
.chart figcaption b { font-weight: 600; margin-right: 6px; }
.chart figcaption span { color: var(--soft); }
.plot { padding-left: 62px; }
.canvas { position: relative; height: 132px; }
.charts .chart:first-child .canvas { height: 156px; }
.canvas svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; overflow: visible; }
.canvas line, .canvas polyline { vector-effect: non-scaling-stroke; fill: none; }
.grid { stroke: var(--line); stroke-width: 1; }
.base { stroke: var(--soft); stroke-width: 1; }
.limit { stroke: var(--warning); stroke-width: 1; stroke-dasharray: 5 4; }
.line { stroke: var(--accent); stroke-width: 1.75; stroke-linejoin: round; }
.area { fill: var(--accent-soft); }
.bar { fill: var(--accent); }
.bar.failed { fill: var(--critical); }
.cone { fill: var(--accent-soft); }
.forecast { stroke: var(--accent); stroke-width: 1.75; stroke-dasharray: 3 4; }
.now { stroke: var(--soft); stroke-width: 1; }
.y { position: absolute; right: calc(100% + 8px); transform: translateY(50%); font-size: 0.8rem; line-height: 1.2; white-space: nowrap; color: var(--soft); }
.y.limit { right: auto; left: 6px; transform: translateY(-1px); color: var(--warning); }
.y.limit.under { transform: translateY(calc(100% + 2px)); }
.lane { position: relative; height: 10px; margin-top: 4px; background: var(--critical-soft); border-radius: 2px; }
.lane i { position: absolute; top: 1px; width: 0; height: 0; margin-left: -4px; border: 4px solid transparent; border-top: 0; border-bottom: 8px solid var(--critical); }
.lane span { position: absolute; right: calc(100% + 8px); font-size: 0.8rem; line-height: 10px; color: var(--critical); }
.x { position: relative; height: 1.3rem; margin-top: 3px; font-size: 0.8rem; color: var(--soft); }
.x span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
@media (max-width: 640px) {
  .charts { grid-template-columns: 1fr; }
  .canvas { height: 104px; }
  .charts .chart:first-child .canvas { height: 128px; }
  .x span:nth-child(even) { display: none; }
}
`;
